using Orleans.Core.Internal;
using OrleansSync.Grains.Presence;

namespace OrleansSync.Grains.Tests.Presence;

/// <summary>The grain behind a collection's presence, asked as gateways ask it.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class FollowingPresence(RunningSilo silo)
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);

    private readonly IPresenceGrain _grain = silo.OtherProcess.GetGrain<IPresenceGrain>(silo.NewCollection());

    [Fact]
    public async Task Who_waits_is_told_of_the_next_change()
    {
        var known = (await _grain.Read(default)).Place;
        var following = _grain.Follow(known);

        await Tell(1, Put(1, "ada", HalfAMinute));
        var slice = await Next(following);

        Assert.Equal("ada", Assert.Single(slice.Changes).What!.Author);
        Assert.False(slice.Whole);
    }

    [Fact]
    public async Task Who_says_something_learns_what_it_did_not_know()
    {
        await Tell(1, Put(1, "ada", HalfAMinute));

        var answer = await _grain.Tell("g2", 1, [Put(2, "bob", HalfAMinute, "g2")], default);

        Assert.Equal(["ada", "bob"], answer.Slice.Changes.Select(change => change.What!.Author).Order());
    }

    [Fact]
    public async Task Nothing_new_is_answered_after_about_a_second()
    {
        var known = (await _grain.Read(default)).Place;

        var slice = await _grain.Follow(known).WaitAsync(TimeSpan.FromSeconds(4));

        Assert.Empty(slice.Changes);
    }

    [Fact]
    public async Task What_lapses_is_told_without_being_asked()
    {
        var answer = await Tell(1, Put(1, "ada", TimeSpan.FromMilliseconds(200)));

        var slice = await Next(_grain.Follow(answer.Slice.Place));

        Assert.Null(Assert.Single(slice.Changes).What);
    }

    [Fact]
    public async Task A_call_that_comes_after_a_later_one_changes_nothing()
    {
        await Tell(2, new Telling(new("g", 1, "r"), null, default));

        var answer = await Tell(1, Put(1, "ada", HalfAMinute));

        Assert.Empty(answer.Slice.Changes);
    }

    [Fact]
    public async Task A_grain_that_was_lost_says_that_it_knows_nothing_any_more()
    {
        var before = await Tell(1, Put(1, "ada", HalfAMinute));

        await _grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();
        var after = await _grain.Follow(before.Slice.Place);
        while (after.Place.Life == before.Slice.Place.Life) after = await _grain.Follow(before.Slice.Place);

        Assert.True(after.Whole);
        Assert.Empty(after.Changes);
    }

    private Task<PresenceAnswer> Tell(long number, params Telling[] tellings) => _grain.Tell("g", number, tellings, default);

    private async Task<PresenceSlice> Next(Task<PresenceSlice> following)
    {
        var slice = await following;
        while (slice.Changes.Count == 0) slice = await _grain.Follow(slice.Place);
        return slice;
    }

    private static Telling Put(long connection, string author, TimeSpan lasts, string gateway = "g") =>
        new(new(gateway, connection, "r"), new Announcement { Author = author }, lasts);
}
