using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>Writes as tests say them.</summary>
internal static class Writes
{
    public static Write Put(string collection, string record, string data, string? id = null) =>
        Of(collection, record, WriteOp.Put, data, id);

    public static Write Patch(string collection, string record, string data, string? id = null) =>
        Of(collection, record, WriteOp.Patch, data, id);

    public static Write Delete(string collection, string record, string? id = null) =>
        Of(collection, record, WriteOp.Delete, null, id);

    public static string? Text(this RecordVersion? record) => record?.Data is { } data ? Encoding.UTF8.GetString(data) : null;

    /// <summary>The write, to that record.</summary>
    public static Write Of(this Write write, string collection, string record) => write with { Collection = collection, Record = record };

    private static Write Of(string collection, string record, WriteOp op, string? data, string? id) => new()
    {
        Id = id,
        Collection = collection,
        Record = record,
        Op = op,
        Data = data is null ? null : Encoding.UTF8.GetBytes(data),
        Author = "ada",
    };
}
