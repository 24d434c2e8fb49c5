using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Equal timestamps: the greater of author, client, write id wins, as UTF-8 bytes, absent = empty (§2).</summary>
public sealed class BreakingTies
{
    private static readonly Write Ada = Edits.Patch("""{"a":"ada"}""").At(5);

    [Fact]
    public void The_greater_author_wins_whoever_comes_first()
    {
        var bob = Edits.Patch("""{"a":"bob"}""").By("bob").At(5);

        Assert.Equal("""{"a":"bob"}""", Both(Ada, bob));
        Assert.Equal("""{"a":"bob"}""", Both(bob, Ada));
    }

    [Fact]
    public void The_author_counts_before_the_client()
    {
        var bob = Edits.Patch("""{"a":"bob"}""").By("bob").At(5);

        Assert.Equal("""{"a":"bob"}""", Both(bob, Ada.By("ada", "zz")));
    }

    [Fact]
    public void The_client_counts_before_the_write_id()
    {
        var phone = Edits.Patch("""{"a":"phone"}""").By("ada", "phone").At(5).As("w1");

        Assert.Equal("""{"a":"phone"}""", Both(phone, Ada.As("w9")));
        Assert.Equal("""{"a":"phone"}""", Both(Ada.As("w9"), phone));
    }

    [Fact]
    public void The_write_id_counts_last()
    {
        var second = Edits.Patch("""{"a":"second"}""").At(5).As("w2");

        Assert.Equal("""{"a":"second"}""", Both(second, Ada.As("w10")));
        Assert.Equal("""{"a":"second"}""", Both(Ada.As("w10"), second));
    }

    [Fact]
    public void Text_is_compared_by_code_point_as_its_bytes_are()
    {
        // As UTF-16 the emoji would be the lesser one.
        var emoji = Edits.Patch("""{"a":"emoji"}""").By("\U0001F600").At(5);
        var wide = Edits.Patch("""{"a":"wide"}""").By("\uFF5E").At(5);

        Assert.Equal("""{"a":"emoji"}""", Both(emoji, wide));
        Assert.Equal("""{"a":"emoji"}""", Both(wide, emoji));
    }

    [Fact]
    public void The_answer_names_the_tie()
    {
        var record = new OneRecord().After(Edits.Put("""{"a":1}""").At(1), Edits.Patch("""{"a":2}""").By("bob").At(5));

        Assert.Equal([("a", Kept.Current, "tie")], record.Do(Ada.Seen(1)).Paths());
        Assert.Equal([("a", Kept.Incoming, "tie")], record.Do(Ada.By("cy").Seen(1)).Paths());
    }

    private static string? Both(Write first, Write second) =>
        new OneRecord().After(Edits.Put("{}").By("0").At(5), first, second).Data;
}
