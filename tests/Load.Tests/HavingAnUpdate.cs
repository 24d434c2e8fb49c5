using OrleansSync.Load.Techniques;

namespace OrleansSync.Load.Tests;

public sealed class HavingAnUpdate
{
    private static readonly Updates OfOneRecord = new(1, 10, new Random(1));

    [Fact]
    public void Who_is_given_a_later_one_has_what_it_replaced_but_did_not_see_it()
    {
        var holdings = new Holdings(OfOneRecord);

        holdings.Take(Updates.Data(3));

        Assert.Equal(1, holdings.Given);
        Assert.Equal([true, true, true, false], Enumerable.Range(1, 4).Select(number => holdings.Since(number) != 0));
        Assert.Equal([false, false, true, false], Enumerable.Range(1, 4).Select(holdings.Saw));
    }

    [Fact]
    public void It_is_had_since_it_was_given_first()
    {
        var holdings = new Holdings(OfOneRecord);
        holdings.Take(Updates.Data(1));
        var first = holdings.Since(1);

        holdings.Take([.. Updates.Data(2), .. Updates.Data(1)]);

        Assert.Equal((2L, first), (holdings.Given, holdings.Since(1)));
        Assert.True(holdings.Since(2) > first);
    }

    [Fact]
    public void What_was_there_from_the_start_is_no_update()
    {
        var holdings = new Holdings(OfOneRecord);

        holdings.Take(Updates.Data(0));

        Assert.Equal(0, holdings.Given);
    }

    [Fact]
    public void An_update_replaces_the_one_before_it_of_the_same_record()
    {
        var updates = new Updates(7, 500, new Random(1));

        foreach (var number in Enumerable.Range(1, updates.Most))
            Assert.Equal(Enumerable.Range(1, number - 1).LastOrDefault(earlier => updates.Record(earlier) == updates.Record(number)), updates.Before(number));
    }

    [Fact]
    public void Clients_that_look_again_and_again_do_not_look_all_at_once() =>
        Assert.Equal([0, 500, 1000, 1500], Enumerable.Range(0, 4).Select(client => Turns.Of(client, 4, TimeSpan.FromSeconds(2)).Offset.TotalMilliseconds));
}
