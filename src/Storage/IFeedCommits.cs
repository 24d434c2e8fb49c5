namespace OrleansSync.Storage;

/// <summary>
/// Told by the <see cref="CommitPump"/> what became of a feed's commits, in their order and before anybody is who waits for one. On the pump's thread:
/// nothing is committed meanwhile.
/// </summary>
public interface IFeedCommits
{
    /// <summary>The next so many that were handed over under this epoch are durable.</summary>
    void Committed(long epoch, int count);

    /// <summary>The next one was not committed, and none that was handed over after it under this epoch will be.</summary>
    void Lost(long epoch, CommitOutcome outcome);
}
