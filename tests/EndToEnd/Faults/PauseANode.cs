using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>A process stands still (SIGSTOP), and goes on later as if nothing had happened. Where it finds that it was given up, it ends and is started again.</summary>
internal sealed class PauseANode(NodeKind kind, TimeSpan lasts) : Fault
{
    private static readonly TimeSpan FindsOutWithin = TimeSpan.FromSeconds(10);

    private Node _paused = null!;

    public override string Name => $"a {(kind == NodeKind.Gateway ? "gateway" : "silo")} stands still for {lasts.TotalSeconds:0} s";

    public override TimeSpan Lasts => lasts;

    public override Task Strike(Cluster cluster, Random random)
    {
        _paused = cluster.Any(kind, random);
        _paused.Process.Pause();
        return Task.CompletedTask;
    }

    public override async Task Mend(Cluster cluster)
    {
        _paused.Process.Resume();
        if (kind != NodeKind.Gateway) await ((Task)_paused.Process.Ended()).WaitAsync(FindsOutWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_paused.Process.IsRunning) await _paused.Process.Ready();
        else await _paused.Start();
    }
}
