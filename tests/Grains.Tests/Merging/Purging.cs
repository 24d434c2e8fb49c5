using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>A purge forgets the data at once (§3).</summary>
public sealed class Purging
{
    private static readonly Write Purge = Edits.Delete() with { Purge = true };

    private readonly OneRecord _record = new OneRecord().After(
        Edits.Put("""{"name":"secret-1"}""").At(1), Edits.Patch("""{"name":"secret-2","hidden-1":1}""").At(3));

    [Fact]
    public void Nothing_is_kept_behind_the_tombstone()
    {
        _record.Do(Purge);

        Assert.True(_record.State!.Deleted);
        AssertKnowsNothing();
    }

    [Fact]
    public void What_an_earlier_delete_kept_is_forgotten_too()
    {
        _record.After(Edits.Delete(), Purge);

        Assert.Equal(3, _record.Version);
        AssertKnowsNothing();
    }

    [Fact]
    public void A_later_edit_that_had_not_seen_it_brings_back_only_itself()
    {
        _record.Do(Purge.At(5));

        _record.Do(Edits.Patch("""{"new":1}""").By("bob").At(7).Seen(2));

        Assert.Equal("""{"new":1}""", _record.Data);
    }

    private void AssertKnowsNothing()
    {
        var stored = _record.State!.Save(null);
        var kept = Encoding.UTF8.GetString(stored.Merge) + Edits.Text(stored.Data);
        Assert.DoesNotContain("secret", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", kept, StringComparison.Ordinal);
    }
}
