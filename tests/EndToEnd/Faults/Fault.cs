using OrleansSync.EndToEnd.Nodes;

namespace OrleansSync.EndToEnd.Faults;

/// <summary>
/// Something that happens to a cluster at work, and how it is mended. Each is a small class; one that is named in <see cref="All"/> takes part
/// in the long run.
/// </summary>
internal abstract class Fault
{
    public abstract string Name { get; }

    /// <summary>What was seen meanwhile, a line each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Whether writes through what is left are answered before it is mended.</summary>
    public virtual bool WritesGoOn => true;

    /// <summary>At least so long it lasts.</summary>
    public virtual TimeSpan Lasts => TimeSpan.Zero;

    /// <summary>Does the harm, and returns when it is done.</summary>
    public abstract Task Strike(Cluster cluster, Random random);

    /// <summary>What is to be looked at while it lasts; throws where something is not as promised.</summary>
    public virtual Task During(Cluster cluster) => Task.CompletedTask;

    /// <summary>Puts right what does not come right by itself. Returns when all nodes say that writes would succeed.</summary>
    public abstract Task Mend(Cluster cluster);

    /// <summary>Every kind, as it is in the long run; a network is only cut where one can be made.</summary>
    public static IReadOnlyList<Func<Fault>> All { get; } =
    [
        .. IpCommand.WhyNot is null ? (IEnumerable<Func<Fault>>)[() => new CutOffANode()] : [],
        () => new KillANode(NodeKind.Both),
        () => new KillANode(NodeKind.Gateway),
        () => new KillTheDatabase(),
        () => new TakeTheDatabaseAway(TimeSpan.FromSeconds(30)),
        () => new FreezeTheDatabase(TimeSpan.FromSeconds(10)),
        () => new PauseANode(NodeKind.Both, TimeSpan.FromSeconds(8)),
        () => new PauseANode(NodeKind.Both, TimeSpan.FromSeconds(30)),
        () => new PauseANode(NodeKind.Gateway, TimeSpan.FromSeconds(30)),
        () => new RestartAll(),
        () => new KillAll(),
    ];
}
