using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>Commits of one feed partition, in order.</summary>
/// <param name="ExpectedHead">The head before the first of them.</param>
/// <param name="NewHead">The head after the last of them: the same when none made a version.</param>
public sealed record FeedBatch(
    string Collection, int Partition, long Epoch, long ExpectedHead, long NewHead, IReadOnlyList<RecordCommit> Commits);
