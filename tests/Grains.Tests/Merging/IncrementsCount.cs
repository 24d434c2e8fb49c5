using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Counting needs no base and loses nothing (§4.4).</summary>
public sealed class IncrementsCount
{
    private static readonly Gen<string> Amount = Gen.OneOf("1", "-1", "0.1", "0.2", "-0.30", "1e-7", "12345678901234567890", "2E2", "0");

    private static readonly Gen<Step> Steps =
        Gen.Select(Amount, Gen.Int[0, 3], Gen.Int[0, 9], Gen.Int[0, 4], Gen.Bool)
            .Select((amount, kind, second, back, reload) => new Step(amount, kind, second, back, reload));

    private static readonly Gen<Step[]> Counting = Steps.Array[1, 12];

    [Fact]
    public void Any_interleaving_sums_up_exactly() => Counting.Sample(
        steps =>
        {
            var record = new OneRecord();
            foreach (var step in steps)
            {
                var decision = record.Do(step.Write(record.Version));
                Assert.True(decision.Outcome is Outcome.Applied or Outcome.Merged or Outcome.Superseded, decision.Problem?.Detail);
                if (step.Counts)
                    Assert.NotEqual(Outcome.Superseded, decision.Outcome);
                if (step.Reload)
                    record.Reload();
            }

            Assert.Equal(steps.Where(step => step.Counts).Sum(step => Exact(step.Amount)), Counter(record));
        },
        print: steps => string.Concat(steps.Select(step => $"\n  {step}")));

    [Fact]
    public void Tenths_are_exact()
    {
        var record = new OneRecord().After(Edits.Put("""{"n":0.1}"""), Edits.Patch("""{"n":{"$increment":0.2}}"""));

        Assert.Equal("""{"n":0.3}""", record.Data);
    }

    [Fact]
    public void Numbers_beyond_any_machine_word_are_exact()
    {
        var record = new OneRecord().After(
            Edits.Put("""{"n":123456789012345678901234567890}"""), Edits.Patch("""{"n":{"$increment":1.5}}"""));

        Assert.Equal("""{"n":123456789012345678901234567891.5}""", record.Data);
    }

    private static decimal Counter(OneRecord record)
    {
        var counter = JsonNode.Parse(record.Data!)!["n"];
        return counter is null ? 0 : Exact(counter.ToJsonString());
    }

    private static decimal Exact(string number) => decimal.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <param name="Kind">0 = edits another field, 1 = counts, 2 = does both, 3 = counts below another field's sibling.</param>
    /// <param name="Back">How many versions ago its base is; 4 = it has none.</param>
    private sealed record Step(string Amount, int Kind, int Second, int Back, bool Reload)
    {
        public bool Counts => Kind != 0;

        // A record that is absent takes operations alone; the first step may be any, and creates it.
        public Write Write(long version)
        {
            var write = version == 0 ? Edits.Put("""{"title":"new"}""").At(Second) : Edits.Patch(Data).At(Second).By("bob");
            if (version == 0 && Counts)
                write = Edits.Patch($"{{{Count}}}").At(Second);
            return Back == 4 || version == 0 ? write : write.Seen(Math.Max(0, version - Back));
        }

        private string Data => Kind switch
        {
            0 => $"{{{Title}}}",
            1 => $"{{{Count}}}",
            2 => $"{{{Title},{Count}}}",
            _ => $$$"""{"tags":{"all":{"$addToSet":[{{{Second}}}]}},{{{Count}}}}""",
        };

        private string Title => $"\"title\":\"{Second}\"";

        private string Count => "\"n\":{\"$increment\":" + Amount + "}";
    }
}
