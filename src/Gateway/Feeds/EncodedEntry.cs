using System.Buffers;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>An entry with its Change objects, each encoded when it is first needed and then shared by every view and page.</summary>
internal sealed class EncodedEntry(FeedEntry entry)
{
    private const int Overhead = 400;

    private byte[]? _whole;
    private byte[]? _leave;

    public FeedEntry Entry { get; } = entry;

    public long Seq => Entry.Seq;

    /// <summary>About what it holds of memory, its encoded form included.</summary>
    public int Bytes { get; } = Overhead + 2 * (entry.Record.Data?.Length ?? 0) + (entry.Before?.Length ?? 0);

    public FeedChange As(Sight sight) => sight switch
    {
        Sight.Upsert => new(ChangeKind.Upsert, Entry, Whole),
        Sight.Delete => new(ChangeKind.Delete, Entry, Whole),
        _ => new(ChangeKind.Leave, Entry, _leave ??= EncodeLeave()),
    };

    private byte[] Whole => _whole ??= EncodeWhole();

    private byte[] EncodeWhole()
    {
        var target = new ArrayBufferWriter<byte>(256 + (Entry.Record.Data?.Length ?? 0));
        var json = new JsonOut(target);
        json.Raw(Entry.Record.Deleted ? "{\"type\":\"delete\",\"record\":"u8 : "{\"type\":\"upsert\",\"record\":"u8);
        WriteRecord(ref json, Entry.Record);
        if (Entry.Write is { } write)
        {
            json.Raw(",\"write\":"u8);
            json.String(write);
        }
        json.Raw('}');
        json.End();
        return target.WrittenSpan.ToArray();
    }

    private static void WriteRecord(ref JsonOut json, RecordVersion record)
    {
        json.Raw("{\"id\":"u8);
        json.String(record.Id);
        json.Raw(",\"version\":"u8);
        json.Number(record.Version);
        json.Raw(",\"timestamp\":"u8);
        json.Instant(record.Timestamp);
        json.Raw(",\"author\":"u8);
        json.String(record.Author);
        if (record.Client is { } client)
        {
            json.Raw(",\"client\":"u8);
            json.String(client);
        }
        json.Raw(record.Data is null ? ",\"deleted\":true"u8 : ",\"data\":"u8);
        json.Raw(record.Data);
        json.Raw('}');
    }

    private byte[] EncodeLeave()
    {
        var target = new ArrayBufferWriter<byte>();
        var json = new JsonOut(target);
        json.Raw("{\"type\":\"leave\",\"id\":"u8);
        json.String(Entry.Record.Id);
        json.Raw(",\"version\":"u8);
        json.Number(Entry.Record.Version);
        json.Raw('}');
        json.End();
        return target.WrittenSpan.ToArray();
    }
}
