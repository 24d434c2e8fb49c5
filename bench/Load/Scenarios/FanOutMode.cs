using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>How the writes come that all subscribers are sent.</summary>
internal abstract class FanOutMode
{
    // A SignalR hub takes one call of a connection at a time: with eight connections it has eight sends in flight.
    public virtual int Writers => 8;

    public abstract string Name(Options options);

    public abstract Task<Measurement> Measure(LoadRun run, Measurement blank, ILiveServer server, Audience audience, Options options);

    /// <param name="EveryWrite">Whether a server sends every write to every subscriber that keeps up.</param>
    internal sealed record Audience(IReadOnlyList<Subscriber> Subscribers, IReadOnlyList<IWriter> Writers, bool EveryWrite);
}
