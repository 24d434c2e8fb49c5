using OrleansSync.Gateway.Http;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>An entry with its Change objects, each encoded when it is first needed and then shared by every view and page.</summary>
internal sealed class EncodedEntry(FeedEntry entry, bool blurred = false)
{
    private const int Overhead = 400;

    private byte[]? _whole;
    private byte[]? _leave;

    public FeedEntry Entry { get; } = entry;

    public long Seq => Entry.Seq;

    /// <summary>The tail skipped versions before it: what stood before need not be what subscribers hold.</summary>
    public bool Blurred { get; } = blurred;

    /// <summary>What stood before it is known, and is what whoever stands there holds.</summary>
    public bool IsWhole => Entry.KnowsBefore && !Blurred;

    /// <summary>About what it holds of memory, its encoded form included.</summary>
    public int Bytes { get; } =
        Overhead + 2 * ((entry.Record.Data?.Length ?? 0) + (entry.Record.Conflict?.Bytes ?? 0)) + (entry.Before?.Length ?? 0);

    public FeedChange As(Sight sight) => sight switch
    {
        Sight.Upsert => new(ChangeKind.Upsert, Entry, _whole ??= EncodeUpsert()),
        Sight.Delete => new(ChangeKind.Delete, Entry, _whole ??= EncodeDelete()),
        _ => new(ChangeKind.Leave, Entry, _leave ??= EncodeLeave()),
    };

    // The length is known only afterwards, and an open conflict can be a megabyte: encoded in bytes of the pool, kept in an array of its size.
    private byte[] EncodeUpsert()
    {
        using var json = new AnswerBuffer();
        ChangeJson.WriteUpsert(json, Entry.Record, Entry.Write);
        return json.Written.ToArray();
    }

    private byte[] EncodeDelete()
    {
        using var json = new AnswerBuffer();
        ChangeJson.WriteDelete(json, Entry.Record, Entry.Write);
        return json.Written.ToArray();
    }

    private byte[] EncodeLeave()
    {
        using var json = new AnswerBuffer();
        ChangeJson.WriteLeave(json, Entry.Record.Id, Entry.Record.Version);
        return json.Written.ToArray();
    }
}
