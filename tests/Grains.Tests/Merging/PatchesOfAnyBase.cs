using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Patches with and without base, seen and unseen, own and others': the engine against the rules done by hand.</summary>
public sealed class PatchesOfAnyBase
{
    private static readonly Write Creation = Edits.Put("{}").By("0").At(1);

    private static readonly Gen<Step[]> Steps =
        Gen.Select(Touch("a"), Touch("b"), Touch("c"), RandomEdits.Stamped(Gen.Const(Edits.Patch("{}"))), Gen.Int[0, 6])
            .Select((a, b, c, write, back) => new Step([.. a, .. b, .. c], write, back))
            .Where(step => step.Patch.Length > 0).Array[1, 10]
            .Select(steps => steps.Select((step, i) => step with { Write = step.Write.As($"w{i}") }).ToArray());

    [Fact]
    public void Are_judged_as_the_protocol_says() => Steps.Sample(
        steps => AssertAgrees(steps, CollectionSettings.Default),
        print: Show);

    [Fact]
    public void Also_where_a_field_rejects() => Steps.Sample(
        steps => AssertAgrees(
            steps, new CollectionSettings { Fields = new Dictionary<string, string> { ["b"] = CollectionSettings.Reject } }, "b"),
        print: Show);

    [Fact]
    public void Also_where_all_but_one_reject() => Steps.Sample(
        steps => AssertAgrees(
            steps,
            new CollectionSettings
            {
                Policy = CollectionSettings.Reject,
                Fields = new Dictionary<string, string> { ["a"] = CollectionSettings.LastWriterWins },
            },
            "b", "c"),
        print: Show);

    private static void AssertAgrees(Step[] steps, CollectionSettings settings, params string[] rejecting)
    {
        var record = new OneRecord(settings).After(Creation);
        var byHand = new FieldsByHand(Creation, rejecting);
        foreach (var step in steps)
        {
            var write = step.After(record.Version);

            var (outcome, concurrent) = byHand.Do(write, step.Patch);
            var decision = record.Do(write);

            Assert.Equal(outcome, decision.Outcome);
            if (outcome is not Outcome.Rejected)
                Assert.Equal(concurrent, decision.Fields.Select(field => (field.Path, field.Kept)));
            Assert.Equal(byHand.Version, record.Version);
            Assert.True(DataText.AreEqual(Edits.Bytes(byHand.Data), record.State!.Data), $"expected {byHand.Data}, is {record.Data}");
        }
    }

    private static string Show(Step[] steps) => string.Concat(steps.Select(step => $"\n  {RandomEdits.Show(step.After(0))}, back {step.Back}"));

    private static Gen<(string, string?)[]> Touch(string name) => Gen.Frequency(
        (2, Gen.Const(Array.Empty<(string, string?)>())),
        (3, Gen.OneOf(new string?[] { "1", "2", "3", null }).Select(value => new[] { (name, value) })));

    /// <param name="Back">How many versions ago its base is; more than 3 = it has none.</param>
    private sealed record Step((string Name, string? Value)[] Patch, Write Write, int Back)
    {
        public Write After(long version) => Write with
        {
            Data = Edits.Bytes("{" + string.Join(',', Patch.Select(touch => $"\"{touch.Name}\":{touch.Value ?? "null"}")) + "}"),
            Base = Back > 3 ? null : Math.Max(0, version - Back),
        };
    }
}
