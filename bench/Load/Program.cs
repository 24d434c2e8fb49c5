using System.CommandLine;
using OrleansSync.Load.Commands;
using OrleansSync.Load.Generators;
using OrleansSync.Load.Peers;

// A peer that is written in .NET, and a generator beside this one, is this program as well, started again as a process of its own.
return args switch
{
    ["peer-signalr", var url] => await SignalRPeer.Serve(url),
    ["peer-signalr", var url, var redis] => await SignalRPeer.Serve(url, redis),
    ["peer-broadcast", var url] => await BroadcastPeer.Serve(url),
    ["generator"] => await GeneratorProgram.Run(),
    _ => await CommandLine.Build().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(10) }),
};
