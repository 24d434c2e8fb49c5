using System.Text;
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

    private static Write Of(WriteOp op, string? data) => new()
    {
        Collection = "todos",
        Record = "t1",
        Op = op,
        Data = data is null ? null : DataText.Read(Bytes(data), new DataRules { AllowOperations = op == WriteOp.Patch }),
        Author = "ada",
    };
}
