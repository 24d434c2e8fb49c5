using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Micro;

/// <summary>The records and writes that the steps are measured with: to-dos of ten fields, about 250 bytes, or of more.</summary>
internal static class Sample
{
    public const string Collection = "todos";

    private static readonly Timestamp Noon = new(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc).Ticks);

    public static Timestamp Second(int second) => Noon + TimeSpan.FromSeconds(second);

    /// <summary>Title and priority, and further fields until there are so many.</summary>
    public static string Data(int fields = 10) =>
        $$"""{"title":"Buy milk and bread","priority":3,{{string.Join(',', Enumerable.Range(0, fields - 2).Select(i => $"\"field{i}\":\"a few words {i}\""))}}}""";

    public static RecordVersion Record(int fields = 10) => new()
    {
        Id = "r-17",
        Version = 42,
        Timestamp = Second(3),
        Author = "ada",
        Client = "tab-1",
        Data = Bytes(Data(fields)),
    };

    /// <summary>As it comes from the edge.</summary>
    public static Write Write(WriteOp op, string data, int second, long? seen, string author) => new()
    {
        Id = $"w-{second}",
        Collection = Collection,
        Record = "r-17",
        Op = op,
        Data = DataText.Read(Bytes(data), new DataRules { AllowOperations = op == WriteOp.Patch }),
        Base = seen,
        Timestamp = Second(second),
        Author = author,
    };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
