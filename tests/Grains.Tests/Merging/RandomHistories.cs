using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Random lives of one record, with bases, operations, writes of now, and any policy.</summary>
internal static class RandomHistories
{
    private static readonly Gen<string> Operations = Gen.OneOf(
        """{"b":{"$increment":1}}""", """{"a":{"z":{"$addToSet":[1,{}]}}}""", """{"a":{"x":{"$removeFromSet":[1]}}}""",
        """{"b":{"$serverTime":true}}""", """{"a":{"x":{"y":{"$increment":1}}},"b":2}""");

    private static readonly Gen<Write> Any = RandomEdits.Stamped(Gen.Frequency(
        (3, RandomEdits.Put), (5, RandomEdits.Patch), (2, Gen.Const(Edits.Delete())), (2, Operations.Select(Edits.Patch))));

    /// <summary>Settings whose paths meet those of the random edits.</summary>
    public static readonly Gen<CollectionSettings> Settings =
        Gen.Select(Policy, Policy, Gen.Int[0, 3]).Select((whole, inner, shape) => new CollectionSettings
        {
            Policy = whole,
            Granularity = shape == 0 ? Granularity.Record : Granularity.Field,
            Fields = shape == 1 ? new Dictionary<string, string> { ["a.x"] = inner } : new Dictionary<string, string>(),
        });

    public static readonly Gen<Step[]> Steps =
        Gen.Select(Any, Gen.Int[0, 6], Gen.Int[0, 3]).Select((write, back, now) => new Step(write, back, now == 0)).Array[1, 12]
            .Select(steps => RandomEdits.Named(steps.Select(step => step.Write)).Zip(steps, (write, step) => step with { Write = write }).ToArray());

    public static string Show(CollectionSettings settings, Step[] steps) =>
        $"{settings.Policy} {settings.Granularity} {string.Concat(settings.Fields)}{Show(steps)}";

    public static string Show(Step[] steps) => string.Concat(steps.Select(step => $"\n  {step}"));

    private static Gen<string> Policy =>
        Gen.Frequency((3, CollectionSettings.LastWriterWins), (1, CollectionSettings.Reject), (2, CollectionSettings.Manual), (1, "custom:max"));

    /// <param name="Back">How many versions ago its base is; more than 4 = it has none.</param>
    /// <param name="Now">True when it has no timestamp.</param>
    internal sealed record Step(Write Write, int Back, bool Now)
    {
        public Write After(long version) => Write with
        {
            Base = Back > 4 ? null : Math.Max(0, version - Back),
            Timestamp = Now ? null : Write.Timestamp,
        };

        public override string ToString() => $"{RandomEdits.Show(Write)}, back {Back}, now {Now}";
    }
}
