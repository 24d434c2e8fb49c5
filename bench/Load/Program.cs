using OrleansSync.Load;

// The load runs: each measures the server beside the raw limit or the peer of the same machine in the same run.
return args switch
{
    ["peer-signalr", var url] => await SignalRPeer.Serve(url),
    [var scenario, .. var rest] => await Runs.Run(scenario, Options.Parse(rest)),
    [] => await Runs.Run("all", Options.Parse([])),
};
