using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>Records as JSON: <c>{"id","version","timestamp","author","client","data"}</c>, tombstones with <c>"deleted":true</c> for the data; an open <c>"conflict"</c> comes last.</summary>
public static class RecordJson
{
    public static void Write(IBufferWriter<byte> target, RecordVersion record)
    {
        var json = new JsonOut(target);
        Write(ref json, record);
        json.End();
    }

    public static void Write(ref JsonOut json, RecordVersion record)
    {
        json.Raw("{\"id\":"u8);
        json.String(record.Id);
        json.Raw(",\"version\":"u8);
        json.Number(record.Version);
        json.Raw(",\"timestamp\":"u8);
        json.Instant(record.Timestamp);
        json.Raw(",\"author\":"u8);
        json.String(record.Author);
        json.Member(",\"client\":"u8, record.Client);
        if (record.Data is null)
        {
            json.Raw(",\"deleted\":true"u8);
        }
        else
        {
            json.Raw(",\"data\":"u8);
            json.Raw(record.Data);
        }
        if (record.Conflict is not null)
        {
            json.Raw(",\"conflict\":"u8);
            ConflictJson.Write(ref json, record.Conflict);
        }
        json.Raw('}');
    }

    /// <summary>Writes a page of a list: <c>{"records":[…],"next":"…","cursor":"…"}</c>.</summary>
    public static void WritePage(IBufferWriter<byte> target, IReadOnlyList<RecordVersion> records, string? next, string? cursor)
    {
        var json = new JsonOut(target);
        json.Raw("{\"records\":["u8);
        for (var i = 0; i < records.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            Write(ref json, records[i]);
        }
        json.Raw(']');
        json.Member(",\"next\":"u8, next);
        json.Member(",\"cursor\":"u8, cursor);
        json.Raw('}');
        json.End();
    }
}
