using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>Changes as a feed shows them (protocol §8).</summary>
public static class ChangeJson
{
    /// <summary>Writes <c>{"type":"upsert","record":{…},"write":"…"}</c>.</summary>
    public static void WriteUpsert(IBufferWriter<byte> target, RecordVersion record, string? write) =>
        Write(target, "{\"type\":\"upsert\",\"record\":"u8, record, write);

    /// <summary>Writes <c>{"type":"delete","record":{tombstone},"write":"…"}</c>.</summary>
    public static void WriteDelete(IBufferWriter<byte> target, RecordVersion tombstone, string? write) =>
        Write(target, "{\"type\":\"delete\",\"record\":"u8, tombstone, write);

    /// <summary>Writes <c>{"type":"leave","id":"…","version":7}</c>.</summary>
    public static void WriteLeave(IBufferWriter<byte> target, string id, long version)
    {
        var json = new JsonOut(target);
        json.Raw("{\"type\":\"leave\",\"id\":"u8);
        json.String(id);
        json.Raw(",\"version\":"u8);
        json.Number(version);
        json.Raw('}');
        json.End();
    }

    private static void Write(IBufferWriter<byte> target, ReadOnlySpan<byte> head, RecordVersion record, string? write)
    {
        var json = new JsonOut(target);
        json.Raw(head);
        RecordJson.Write(ref json, record);
        json.Member(",\"write\":"u8, write);
        json.Raw('}');
        json.End();
    }
}
