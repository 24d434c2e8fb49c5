using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Records;

/// <summary>
/// The write ids a record remembers (guarantee 3). Memory holds hashes only: one that is not here was never seen, one that is here is
/// looked up in the store, so a fresh write costs no read.
/// </summary>
internal sealed class WriteLedger
{
    private const int AtLeast = 100;
    private const int AtMost = 10_000;
    private static readonly TimeSpan Span = TimeSpan.FromHours(24);

    private readonly TimeProvider _clock;
    private readonly Queue<RememberedWrite> _oldestFirst = new();
    private readonly Dictionary<long, int> _seen = [];
    private readonly Dictionary<(string Author, string Id), Flight> _flights = [];

    public WriteLedger(StoredRecord? stored, TimeProvider clock)
    {
        _clock = clock;
        LastNumber = stored?.LastNumber ?? 0;
        foreach (var write in stored?.Writes ?? []) Remember(write);
    }

    /// <summary>The number of the newest history entry, decided ones included.</summary>
    public long LastNumber { get; private set; }

    public bool Knows(Write write) => _seen.Count > 0 && _seen.ContainsKey(WriteHash.Of(write.Author, write.Id!));

    /// <summary>The answer to come of the same write, if it is being committed right now.</summary>
    public Task<Flight.Landing?>? InFlight(Write write) =>
        write.Id is not null && _flights.TryGetValue((write.Author, write.Id), out var flight) ? flight.Landed : null;

    /// <summary>Counts a decided write, and if it has an id, lets its resends wait for the one answer.</summary>
    public Flight? Begin(Write write, HistoryEntry entry)
    {
        LastNumber = entry.Number;
        if (write.Id is null) return null;
        var flight = new Flight(this, (write.Author, write.Id), entry);
        _flights[(write.Author, write.Id)] = flight;
        return flight;
    }

    /// <summary>The answer to a resend that came while the first was under way; null when that one failed and this one must try itself.</summary>
    public static WriteResult? Again(Write write, Flight.Landing? first) => first switch
    {
        null => null,
        _ when first.Fingerprint != WriteFingerprint.Of(write) => Reused(write),
        _ => first.Answer with { Replayed = true },
    };

    /// <summary>The first answer, from what history says of it.</summary>
    public static WriteResult Replay(Write write, HistoryEntry first, RecordVersion? then) =>
        first.Fingerprint != WriteFingerprint.Of(write)
            ? Reused(write)
            : new WriteResult
            {
                Id = write.Id,
                Outcome = first.Outcome,
                Record = then,
                Fields = first.Fields,
                Problem = first.Problem,
                Created = first.Created,
                Replayed = true,
            };

    private static WriteResult Reused(Write write) => WriteResult.Invalid(write.Id, new Problem(
        Codes.WriteIdReused, "This write id was used for another op or other data of this record. Give each write an id of its own."));

    private void Remember(RememberedWrite write)
    {
        _oldestFirst.Enqueue(write);
        _seen[write.Hash] = _seen.GetValueOrDefault(write.Hash) + 1;
        var dayAgo = Timestamp.Now(_clock) + -Span;
        while (_oldestFirst.Count > AtMost || (_oldestFirst.Count > AtLeast && _oldestFirst.Peek().RecordedAt < dayAgo)) Forget();
    }

    private void Forget()
    {
        var hash = _oldestFirst.Dequeue().Hash;
        if (--_seen[hash] == 0) _seen.Remove(hash);
    }

    /// <summary>A write with an id on its way to the store.</summary>
    internal sealed class Flight(WriteLedger ledger, (string Author, string Id) key, HistoryEntry entry)
    {
        private readonly TaskCompletionSource<Landing?> _landed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Landing?> Landed => _landed.Task;

        public void Done(WriteResult answer)
        {
            ledger.Remember(new(WriteHash.Of(key.Author, key.Id), entry.RecordedAt));
            _landed.TrySetResult(new(answer, entry.Fingerprint));
        }

        /// <summary>Whatever happened, nobody waits any longer.</summary>
        public void End()
        {
            if (ledger._flights.TryGetValue(key, out var mine) && mine == this) ledger._flights.Remove(key);
            _landed.TrySetResult(null);
        }

        internal sealed record Landing(WriteResult Answer, long Fingerprint);
    }
}
