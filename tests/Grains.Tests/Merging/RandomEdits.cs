using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Random writes that meet often: five paths, few values, six seconds, four devices.</summary>
internal static class RandomEdits
{
    private static readonly Gen<string> Plain =
        Gen.OneOf("1", "2", "\"s\"", "true", "[]", "[1]", "[null,{\"x\":null}]", "{}");

    // A null in a put is a value, in a patch it removes: both take the same texts.
    private static readonly Gen<string> Value = Gen.Frequency((4, Plain), (2, Gen.Const("null")));

    private static readonly Gen<string> Inner = Gen.Frequency((2, Value), (1, Value.Select(y => $$"""{"y":{{y}}}""")));

    private static readonly Gen<string> Outer = Gen.Frequency((2, Value), (3, Object(("x", Inner), ("z", Value))));

    /// <summary>Objects over the paths a, a.x, a.x.y, a.z and b.</summary>
    public static readonly Gen<string> Data = Object(("a", Outer), ("b", Value));

    public static readonly Gen<Write> Put = Data.Select(Edits.Put);

    public static readonly Gen<Write> Patch = Data.Select(Edits.Patch);

    /// <summary>Puts, patches and deletes, timestamped, without base or write id.</summary>
    public static readonly Gen<Write> Timestamped = Stamped(Gen.Frequency((3, Put), (5, Patch), (2, Gen.Const(Edits.Delete()))));

    /// <summary>Gives a write one of four devices and one of six seconds: ties are common.</summary>
    public static Gen<Write> Stamped(Gen<Write> writes) =>
        Gen.Select(writes, Gen.OneOf("ada", "bob"), Gen.OneOf(new string?[] { null, "t1" }), Gen.Int[1, 6])
            .Select((write, author, client, second) => write.By(author, client).At(second));

    /// <summary>Gives each its own write id; the first has none, which is one of its own too.</summary>
    public static Write[] Named(IEnumerable<Write> writes) =>
        [.. writes.Select((write, i) => i == 0 ? write : write.As($"w{i}"))];

    public static string Show(Write write) =>
        $"{write.Op} {Edits.Text(write.Data)} at {write.Timestamp?.ToDateTime().Second} by {write.Author}/{write.Client} as {write.Id} seen {write.Base}";

    private static Gen<string> Object((string Name, Gen<string> Value) first, (string Name, Gen<string> Value) second) =>
        Gen.Select(Member(first.Name, first.Value), Member(second.Name, second.Value), Gen.Bool)
            .Select((a, b, turned) => "{" + string.Join(',', (turned ? new[] { b, a } : [a, b]).OfType<string>()) + "}");

    private static Gen<string?> Member(string name, Gen<string> value) =>
        Gen.Select(value, Gen.Int[0, 2]).Select((text, here) => here == 0 ? null : $"\"{name}\":{text}");
}
