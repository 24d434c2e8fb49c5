using OrleansSync.Load;
using OrleansSync.Load.Peers;

// The load runs: each measures the server beside the raw limit or the peer of the same machine in the same run.
return args switch
{
    ["peer-signalr", var url] => await SignalRPeer.Serve(url),
    ["peer-signalr", var url, var redis] => await SignalRPeer.Serve(url, redis),
    ["peer-broadcast", var url] => await BroadcastPeer.Serve(url),
    ["peers", .. var names] => await SelfCheck.Run(Contenders.Named(names)),
    [var scenario, .. var rest] => await Runs.Run(scenario, Options.Parse(rest)),
    [] => await Runs.Run("all", Options.Parse([])),
};
