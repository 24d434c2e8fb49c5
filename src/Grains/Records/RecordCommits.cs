using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Records;

/// <summary>Turns a decision into what the store is to keep of it: the state, and the history entry that explains it.</summary>
internal static class RecordCommits
{
    public static RecordCommit Of(
        Write write, Decision decision, MergeState? before, long number, Timestamp now)
    {
        var after = decision.State;
        var changed = !ReferenceEquals(after, before) && after is not null;
        return new RecordCommit
        {
            RecordId = write.Record,
            ExpectedVersion = before?.Version ?? 0,
            State = changed ? State(write, decision, after!) : null,
            Entry = Entry(write, decision, number, now),
            MakesVersion = decision.MakesVersion,
            // A version from tombstone to tombstone is its conflict's: it concerns whom the hidden data concerns.
            Before = before?.Data ?? (after is { Deleted: true } ? before?.Text : null),
            Purge = write.Purge && write.Op == WriteOp.Delete && after is { Deleted: true },
        };
    }

    // A quiet change keeps the write id of the version that stands.
    private static RecordState State(Write write, Decision decision, MergeState after) =>
        after.Save(decision.MakesVersion ? write.Id : null);

    private static HistoryEntry Entry(Write write, Decision decision, long number, Timestamp now) => new()
    {
        Number = number,
        Version = decision.State?.Version ?? 0,
        MadeVersion = decision.MakesVersion,
        Timestamp = decision.Timestamp,
        Author = write.Author,
        Client = write.Client,
        Write = write.Id,
        Op = write.Op,
        Outcome = decision.Outcome,
        Changes = decision.Changes,
        Wanted = decision.Wanted,
        Fields = decision.Fields,
        Problem = decision.Problem,
        Created = decision.Created,
        RecordedAt = now,
        Fingerprint = WriteFingerprint.Of(write),
        RecordTimestamp = decision.State?.View.Timestamp ?? default,
        RecordAuthor = decision.State?.View.Author ?? "",
        RecordClient = decision.State?.View.Client,
        Deleted = decision.State is not { Deleted: false },
        Conflict = decision.State?.Conflict?.Mark,
        Settlement = decision.Settlement,
    };
}
