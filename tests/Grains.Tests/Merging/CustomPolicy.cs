using System.Text.Json;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Rules of one's own for concurrent values (§5), <c>custom:max</c> among them.</summary>
public sealed class CustomPolicy
{
    [Theory]
    [InlineData("10", "9", "10", Kept.Current)]
    [InlineData("10", "11", "11", Kept.Incoming)]
    [InlineData("9", "10", "10", Kept.Incoming)]
    [InlineData("1e2", "99.5", "1e2", Kept.Current)]
    [InlineData("-1", "-1e-3", "-1e-3", Kept.Incoming)]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567891", "123456789012345678901234567891", Kept.Incoming)]
    [InlineData("\"a\"", "\"b\"", "\"b\"", Kept.Incoming)]
    [InlineData("\"\uFF5E\"", "\"\U0001F600\"", "\"\U0001F600\"", Kept.Incoming)]
    public void Max_keeps_the_greater_number_or_text_whatever_the_timestamps(string current, string incoming, string kept, Kept which)
    {
        foreach (var second in new[] { 3, 7 })
        {
            var record = Contested("custom:max", current);

            var decision = record.Do(Edits.Patch($$"""{"a":{{incoming}}}""").At(second).Seen(1));

            Assert.Equal([("a", which, "custom:max")], decision.Paths());
            Assert.Equal(which == Kept.Current ? Outcome.Superseded : Outcome.Merged, decision.Outcome);
            Assert.Equal($$"""{"a":{{kept}}}""", record.Data);
        }
    }

    [Fact]
    public void A_value_that_was_seen_is_replaced_without_asking()
    {
        var record = Contested("custom:max", "10");

        Assert.Equal(Outcome.Applied, record.Do(Edits.Patch("""{"a":1}""").At(7).Seen(2)).Outcome);
        Assert.Equal("""{"a":1}""", record.Data);
    }

    [Fact]
    public void A_value_made_of_both_is_kept_as_both()
    {
        var record = Contested("custom:told", "10");

        var decision = record.Do(Edits.Patch("""{"a":11}""").By("cy").At(7).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal([("a", Kept.Both, "custom:told")], decision.Paths());
    }

    [Fact]
    public void It_sees_path_base_and_both_values_with_when_and_who()
    {
        var record = Contested("custom:told", "10");

        record.Do(Edits.Patch("""{"a":11}""").By("cy").At(7).Seen(1));

        Assert.Equal($$"""{"a":"a: 0, 10 at {{Edits.Second(5)}} by bob, 11 at {{Edits.Second(7)}} by cy"}""", record.Data);
    }

    [Theory]
    [InlineData("""{"a":11}""", 3, """{"a":11}""")]
    [InlineData("""{"a":9,"b":1}""", 3, """{"a":10,"b":1}""")]
    [InlineData("""{"a":9,"b":1}""", 7, """{"a":9,"b":1}""")]
    public void A_put_without_base_contests_only_what_is_later(string put, int second, string expected)
    {
        var record = Contested("custom:max", "10");

        record.Do(Edits.Put(put).By("cy").At(second));

        Assert.Equal(expected, record.Data);
    }

    [Fact]
    public void Keeping_nothing_leaves_what_stands_around_it_untouched()
    {
        var record = new OneRecord(new CollectionSettings { Policy = "custom:max" }).After(Edits.Put("""{"a":null}""").At(2).As("w1"));

        var decision = record.Do(Edits.Patch("""{"a":{"x":1}}""").By("bob").At(2).Seen(0));

        Assert.Equal(Outcome.Superseded, decision.Outcome);
        Assert.Equal("""{"a":null}""", record.Data);
    }

    [Fact]
    public void Operations_count_where_the_value_they_came_with_loses()
    {
        var record = new OneRecord(new CollectionSettings { Policy = "custom:max", Granularity = Granularity.Record }).After(
            Edits.Put("""{"a":0,"n":1}""").At(1), Edits.Patch("""{"a":1}""").By("bob").At(5));

        record.Do(Edits.Patch("""{"a":2,"n":{"$increment":1}}""").At(3).Seen(1));

        Assert.Equal("""{"a":1,"n":2}""", record.Data);
    }

    private static OneRecord Contested(string policy, string current) =>
        new OneRecord(new CollectionSettings { Policy = policy }).After(
            Edits.Put("""{"a":0}""").At(1), Edits.Patch($$"""{"a":{{current}}}""").By("bob").At(5).Seen(1));
}

/// <summary>Answers with what it was asked.</summary>
internal sealed class ToldPolicy : ICustomPolicy
{
    public string Name => "told";

    public JsonElement? Resolve(ContestedPath path) =>
        JsonSerializer.SerializeToElement($"{path.Path}: {path.Base}, {Say(path.Current)}, {Say(path.Incoming)}");

    private static string Say(ContestedValue value) => $"{value.Value} at {value.Timestamp} by {value.Author}";
}
