using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>What an entry is to a subscriber.</summary>
internal enum Sight : byte
{
    /// <summary>It never concerned them.</summary>
    Nothing,
    Upsert,
    Delete,
    Leave,

    /// <summary>
    /// It may have been theirs, and to say that it went would tell others that it existed: nobody knows any more. They must start again.
    /// </summary>
    Doubt,
}

/// <summary>
/// The filter and the owner rule of a view, asked about the state before and the state after each change. Pure and safe to share.
/// </summary>
internal sealed class FeedLens(Filter? filter, Filter? own)
{
    private static readonly byte[] NoData = "{}"u8.ToArray();

    /// <summary>The lens of a filter, and, where the caller sees only their own records, of the owner field.</summary>
    public static FeedLens For(Filter? filter, string? ownerPath, string? author) =>
        new(filter, ownerPath is null || author is null ? null : OwnedBy(ownerPath, author));

    // A record's id is the same before and after, data or none: about a tombstone it can be asked all the same.
    private readonly bool _asksForIds = own is null && filter is not null && filter.Conditions.All(condition => condition.Path is null);

    /// <summary>True when every record is seen.</summary>
    public bool IsClear => filter is null && own is null;

    /// <summary>True when a record may be somebody else's: nothing may be said on suspicion.</summary>
    public bool IsOwners => own is not null;

    /// <param name="fresh">True when the subscriber was certainly not shown a version before those that come with it.</param>
    /// <param name="blurred">True when versions before it were skipped: what stood before may not be what the subscriber holds.</param>
    public Sight See(FeedEntry entry, bool fresh, bool blurred = false)
    {
        var record = entry.Record;
        if (IsClear) return Whole(entry, fresh);
        if (_asksForIds) return Matches(record.Id, NoData) ? Whole(entry, fresh) : Sight.Nothing;
        var owned = record.Data is { } data && IsOwn(record.Id, data);
        if (owned && Matches(record.Id, record.Data!)) return Sight.Upsert;
        var gone = record.Deleted ? Sight.Delete : Sight.Leave;
        if (entry.Before is { } before && IsOwn(record.Id, before) && Matches(record.Id, before)) return gone;
        if (entry.KnowsBefore && !blurred) return Sight.Nothing;
        if (fresh || record.Version == 1) return Sight.Nothing;
        return own is null || owned ? gone : Sight.Doubt;
    }

    /// <summary>Who reads from the beginning needs no tombstones, but for those that somebody must decide about.</summary>
    private static Sight Whole(FeedEntry entry, bool fresh) =>
        !entry.Record.Deleted ? Sight.Upsert
        : fresh && !entry.KnowsBefore && entry.Record.Conflict is null ? Sight.Nothing
        : Sight.Delete;

    private bool IsOwn(string id, byte[] data) => own is null || own.Matches(id, data);

    private bool Matches(string id, byte[] data) => filter is null || filter.Matches(id, data);

    private static Filter OwnedBy(string path, string author)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString(path, author);
            json.WriteEndObject();
        }
        return Filter.Parse(text.ToArray());
    }
}
