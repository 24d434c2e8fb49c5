using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>How the writes come that all subscribers are sent.</summary>
internal abstract class FanOutMode
{
    // A SignalR hub takes one call of a connection at a time: with eight connections it has eight sends in flight.
    protected const int Writers = 8;

    /// <summary>Whether several generators can each have some of the connections.</summary>
    public virtual bool CanBeShared => false;

    public abstract string Name(Options options);

    public abstract Task<Measurement> Measure(LoadRun run, Measurement blank, ILiveServer server, Traits traits, Options options);
}
