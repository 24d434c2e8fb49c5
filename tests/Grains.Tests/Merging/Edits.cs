using System.Text;
using System.Text.Json.Nodes;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Writes to one record as these tests say them: <c>Patch("{}").By("bob").At(3).Seen(1)</c>. Times are whole seconds of one minute.</summary>
internal static class Edits
{
    private static readonly Timestamp Zero = new(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).Ticks);

    public static Timestamp Second(int second) => Zero + TimeSpan.FromSeconds(second);

    public static Write Put(string data) => Of(WriteOp.Put, data);

    public static Write Patch(string data) => Of(WriteOp.Patch, data);

    public static Write Delete() => Of(WriteOp.Delete, null);

    public static Write Claim(int? seconds = null) => Of(WriteOp.Claim, null) with { ClaimSeconds = seconds };

    public static Write Release() => Of(WriteOp.Release, null);

    /// <summary>A resolution of the conflict at that revision.</summary>
    public static Write Resolve(long expect, params Choice[] choices) =>
        Of(WriteOp.Resolve, null) with { Resolution = new() { Expect = expect, Choices = choices } };

    /// <summary>With the id of the conflict that was looked at.</summary>
    public static Write Looking(this Write write, string conflict) => write with { Resolution = write.Resolution! with { Conflict = conflict } };

    public static Choice Current(string path) => new(path, Taking.Current);

    public static Choice Take(string path, int candidate) => new(path, Taking.Candidate, candidate);

    public static Choice Give(string path, string value) => new(path, Taking.Value, Value: Bytes(value));

    public static Choice Remove(string path) => new(path, Taking.Remove);

    public static Write By(this Write write, string author, string? client = null) => write with { Author = author, Client = client };

    /// <summary>With the timestamp of that second.</summary>
    public static Write At(this Write write, int second) => write with { Timestamp = Second(second) };

    /// <summary>With that version as its base.</summary>
    public static Write Seen(this Write write, long version) => write with { Base = version };

    /// <summary>With that write id.</summary>
    public static Write As(this Write write, string id) => write with { Id = id };

    /// <summary>Only if that holds.</summary>
    public static Write If(this Write write, Precondition precondition) => write with { Precondition = precondition };

    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    public static string? Text(byte[]? json) => json is null ? null : Encoding.UTF8.GetString(json);

    /// <summary>All there is to see of a conflict, to compare by.</summary>
    public static string? Text(Conflict? conflict) => conflict is null ? null : string.Join('\n', [
        $"{conflict.Id} {conflict.Revision} {conflict.OpenedAt} {conflict.Claim}",
        .. conflict.Fields.Select(field => $"{field.Path}: {Canonical(field.Base)} {Canonical(field.Current)}"),
        .. conflict.Candidates.Select(one => $"{one.Id} {one.Write} {one.Author}/{one.Client} {one.Timestamp} {one.Op} {one.Base} "
            + string.Join(',', one.Values.Select(value => $"{value.Path}={Canonical(value.Value)}").Concat(one.Removed))),
    ]);

    // Undoing may leave members in another order.
    private static string? Canonical(byte[]? json) =>
        json is null ? null : JsonNode.Parse(json) is JsonObject node ? Sorted(node).ToJsonString() : Text(json);

    private static JsonObject Sorted(JsonObject node) => new(node.OrderBy(member => member.Key, StringComparer.Ordinal)
        .Select(member => KeyValuePair.Create(member.Key, member.Value is JsonObject inner ? Sorted(inner) : member.Value?.DeepClone())));

    private static Write Of(WriteOp op, string? data) => new()
    {
        Collection = "todos",
        Record = "t1",
        Op = op,
        Data = data is null ? null : DataText.Read(Bytes(data), new DataRules { AllowOperations = op == WriteOp.Patch }),
        Author = "ada",
    };
}
