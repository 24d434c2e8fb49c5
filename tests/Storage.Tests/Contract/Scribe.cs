using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

/// <summary>Writes down decided writes as a feed's owner does: gives places, versions and history numbers, and knows where each record stands.</summary>
public sealed class Scribe(ISyncStore store, TimeProvider clock, string collection = "todos", int partition = 0, string owner = "ada")
{
    public const string Author = "ada";

    private readonly Dictionary<string, (long Version, long Number)> _known = [];

    // The last place given, and the last one handed to the store.
    private long _given;

    public long Epoch { get; set; }
    public long Head { get; private set; }
    public Timestamp Now => Timestamp.Now(clock);

    public static async Task<Scribe> Of(ISyncStore store, TimeProvider clock, string collection = "todos", int partition = 0)
    {
        var scribe = new Scribe(store, clock, collection, partition);
        await scribe.Take();
        return scribe;
    }

    public async Task Take()
    {
        var taken = await store.TakeFeed(collection, partition, owner, default);
        (Epoch, Head, _given) = (taken.Epoch, taken.Place.Head, taken.Place.Head);
    }

    public (long Version, long Number) Where(string id) => _known.GetValueOrDefault(id);

    /// <summary>Goes on with a record where another scribe left it.</summary>
    public void Know(string id, long version, long number) => _known[id] = (version, number);

    public RecordCommit Put(string id, string json, string? write = null) => Version(id, Encoding.UTF8.GetBytes(json), null, write, WriteOp.Put);

    public RecordCommit Delete(string id, string? hidden = null, string? write = null, bool purge = false) =>
        Version(id, null, hidden is null ? null : Encoding.UTF8.GetBytes(hidden), write, WriteOp.Delete) with { Purge = purge };

    public RecordCommit Reject(string id, string? write = null)
    {
        var (version, number) = Where(id);
        _known[id] = (version, number + 1);
        return new RecordCommit
        {
            RecordId = id,
            ExpectedVersion = version,
            Entry = Entry(number + 1, version, WriteOp.Patch, write) with
            {
                MadeVersion = false,
                Outcome = Outcome.Rejected,
                Problem = new(Codes.NotFound, "There is no such record."),
            },
        };
    }

    /// <summary>New merge bytes at the same version.</summary>
    public RecordCommit Quiet(string id, string json, byte[] merge, string? write = null)
    {
        var (version, number) = Where(id);
        _known[id] = (version, number + 1);
        var data = Encoding.UTF8.GetBytes(json);
        return new RecordCommit
        {
            RecordId = id,
            ExpectedVersion = version,
            State = new RecordState { View = View(id, version, data), Data = data, Merge = merge },
            Entry = Entry(number + 1, version, WriteOp.Patch, write) with { MadeVersion = false, Outcome = Outcome.Superseded },
        };
    }

    public FeedBatch Batch(params RecordCommit[] commits)
    {
        var before = Head;
        Head = Math.Max(before, commits.Max(commit => commit.Seq));
        return new(collection, partition, Epoch, before, Head, commits);
    }

    /// <summary>Commits and insists that it was accepted. One transaction for all.</summary>
    public async Task Commit(params RecordCommit[] commits) =>
        Assert.Equal([true], await store.Commit([Batch(commits)], default));

    private RecordCommit Version(string id, byte[]? data, byte[]? hidden, string? write, WriteOp op)
    {
        var (version, number) = Where(id);
        _known[id] = (version + 1, number + 1);
        return new RecordCommit
        {
            RecordId = id,
            Seq = ++_given,
            ExpectedVersion = version,
            State = new RecordState { View = View(id, version + 1, data), Data = data ?? hidden, Merge = [1, 2, 3], Write = write },
            Entry = Entry(number + 1, version + 1, op, write) with
            {
                Deleted = data is null,
                Changes = data is null ? [] : [new PathChange("", null, data)],
            },
        };
    }

    private RecordVersion View(string id, long version, byte[]? data) =>
        new() { Id = id, Version = version, Timestamp = Now, Author = Author, Client = "phone-1", Data = data };

    private HistoryEntry Entry(long number, long version, WriteOp op, string? write) => new()
    {
        Number = number,
        Version = version,
        MadeVersion = true,
        Timestamp = Now,
        Author = Author,
        Client = "phone-1",
        Write = write,
        Op = op,
        Outcome = Outcome.Applied,
        RecordedAt = Now,
        Fingerprint = 42,
        RecordTimestamp = Now,
        RecordAuthor = Author,
    };
}
