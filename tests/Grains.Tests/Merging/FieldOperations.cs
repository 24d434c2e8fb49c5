using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Values that need no base (§4.4).</summary>
public sealed class FieldOperations
{
    private static readonly string ServerTime = Edits.Second(OneRecord.Now).ToString();

    [Theory]
    [InlineData("""{}""", """{"n":{"$increment":2}}""", """{"n":2}""")]
    [InlineData("""{"n":5}""", """{"n":{"$increment":-7}}""", """{"n":-2}""")]
    [InlineData("""{"n":{"m":1}}""", """{"n":{"m":{"$increment":1}}}""", """{"n":{"m":2}}""")]
    [InlineData("""{}""", """{"n":{"m":{"$increment":1}}}""", """{"n":{"m":1}}""")]
    [InlineData("""{}""", """{"s":{"$addToSet":["a","b","a"]}}""", """{"s":["a","b"]}""")]
    [InlineData("""{"s":["a"]}""", """{"s":{"$addToSet":["b","a"]}}""", """{"s":["a","b"]}""")]
    [InlineData("""{"s":[{"x":1,"y":2}]}""", """{"s":{"$addToSet":[{"y":2,"x":1}]}}""", """{"s":[{"x":1,"y":2}]}""")]
    [InlineData("""{"s":["a","b","c"]}""", """{"s":{"$removeFromSet":["c","a","z"]}}""", """{"s":["b"]}""")]
    [InlineData("""{}""", """{"s":{"$removeFromSet":["a"]}}""", """{"s":[]}""")]
    public void They_apply_to_the_current_value(string data, string patch, string expected)
    {
        var record = new OneRecord().After(Edits.Put(data));

        var decision = record.Do(Edits.Patch(patch));

        Assert.Equal(Outcome.Applied, decision.Outcome);
        Assert.True(decision.MakesVersion);
        Assert.Equal(expected, record.Data);
    }

    [Fact]
    public void Server_time_is_the_servers_whatever_the_writer_says()
    {
        var record = new OneRecord().After(Edits.Put("{}").At(1));

        record.Do(Edits.Patch("""{"t":{"$serverTime":true}}""").At(2));

        Assert.Equal($$"""{"t":"{{ServerTime}}"}""", record.Data);
    }

    [Theory]
    [InlineData("""{"v":"5"}""", """{"v":{"$increment":1}}""")]
    [InlineData("""{"v":null}""", """{"v":{"$increment":1}}""")]
    [InlineData("""{"v":{"x":1}}""", """{"v":{"$increment":1}}""")]
    [InlineData("""{"v":5}""", """{"v":{"$addToSet":[1]}}""")]
    [InlineData("""{"v":"a"}""", """{"v":{"$removeFromSet":["a"]}}""")]
    public void On_another_type_the_whole_write_is_a_mismatch(string data, string patch)
    {
        var record = new OneRecord().After(Edits.Put(data));

        record.AssertRefused(Edits.Patch(patch), Outcome.Invalid, Codes.TypeMismatch);
        record.AssertRefused(Edits.Patch("""{"other":1,""" + patch[1..]), Outcome.Invalid, Codes.TypeMismatch);
    }

    [Fact]
    public void They_count_in_the_order_of_arrival_whatever_their_timestamp()
    {
        var record = new OneRecord().After(Edits.Put("""{"n":5}""").At(9));

        var decision = record.Do(Edits.Patch("""{"n":{"$increment":1}}""").By("bob").At(3));

        Assert.True(decision.MakesVersion);
        Assert.Equal("""{"n":6}""", record.Data);
    }

    [Fact]
    public void An_unseen_change_and_an_operation_are_both_kept()
    {
        var record = new OneRecord().After(Edits.Put("""{"n":5}""").At(1), Edits.Patch("""{"n":7}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"n":{"$increment":1}}""").At(3).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Equal([("n", Kept.Both, "operation")], decision.Paths());
        Assert.Equal("""{"n":8}""", record.Data);
    }

    [Fact]
    public void They_count_though_the_rest_of_their_write_is_superseded()
    {
        var record = new OneRecord().After(Edits.Put("""{"title":"Milk","n":1}""").At(1), Edits.Patch("""{"title":"Tea"}""").By("bob").At(5));

        var decision = record.Do(Edits.Patch("""{"title":"Oat milk","n":{"$increment":1}}""").At(3).Seen(1));

        Assert.Equal(Outcome.Merged, decision.Outcome);
        Assert.Contains(("title", Kept.Current, "timestamp"), decision.Paths());
        Assert.Equal("""{"title":"Tea","n":2}""", record.Data);
    }

    [Fact]
    public void They_raise_the_fields_timestamp()
    {
        var record = new OneRecord().After(Edits.Put("""{"n":1}""").At(1), Edits.Patch("""{"n":{"$increment":1}}""").By("bob").At(5));

        Assert.Equal(Outcome.Superseded, record.Do(Edits.Patch("""{"n":0}""").At(3)).Outcome);
        Assert.Equal(Outcome.Applied, record.Do(Edits.Patch("""{"n":0}""").At(7)).Outcome);
    }

    [Fact]
    public void They_never_lower_it()
    {
        var record = new OneRecord().After(Edits.Put("""{"n":1}""").At(9), Edits.Patch("""{"n":{"$increment":1}}""").By("bob").At(3));

        Assert.Equal(Outcome.Superseded, record.Do(Edits.Patch("""{"n":0}""").At(7)).Outcome);
    }

    [Fact]
    public void An_increment_of_nothing_is_an_edit_too() =>
        Assert.True(new OneRecord().After(Edits.Put("""{"n":1}""").At(1)).Do(Edits.Patch("""{"n":{"$increment":0}}""")).MakesVersion);
}
