using CsCheck;
using Microsoft.Extensions.Time.Testing;
using OrleansSync.Grains.Presence;

namespace OrleansSync.Grains.Tests.Presence;

/// <summary>What a collection's book of announcements says, to whom and until when.</summary>
public sealed class KeepingAnnouncements
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(new(2026, 11, 24, 5, 35, 12, TimeSpan.Zero));
    private readonly PresenceBook _book;

    public KeepingAnnouncements() => _book = new(_clock, "life-1");

    [Fact]
    public void Who_knows_nothing_gets_everything()
    {
        _book.Put(Key(1, "a"), By("ada"), HalfAMinute);
        _book.Put(Key(2, "b"), By("bob"), HalfAMinute);

        var slice = _book.After(default);

        Assert.True(slice.Whole);
        Assert.Equal(["ada", "bob"], slice.Changes.Select(change => change.What!.Author).Order());
        Assert.Equal("2026-11-24T05:35:42.0000000Z", slice.Changes[0].Until.ToString());
    }

    [Fact]
    public void Who_knew_a_place_gets_the_latest_of_what_changed_since()
    {
        _book.Put(Key(1, "a"), By("ada"), HalfAMinute);
        _book.Put(Key(2, "b"), By("bob"), HalfAMinute);
        var known = _book.Place;

        _book.Put(Key(2, "b"), By("bob"), HalfAMinute);
        _book.Remove(Key(2, "b"));
        _book.Put(Key(3, "c"), By("cyd"), HalfAMinute);
        var slice = _book.After(known);

        Assert.False(slice.Whole);
        Assert.Equal([(Key(2, "b"), null), (Key(3, "c"), "cyd")], slice.Changes.Select(change => (change.Key, change.What?.Author)));
        Assert.Empty(_book.After(slice.Place).Changes);
    }

    [Fact]
    public void Who_is_far_behind_or_of_another_life_gets_everything()
    {
        _book.Put(Key(1, "a"), By("ada"), HalfAMinute);
        var known = _book.Place;
        for (var n = 0; n < 2000; n++) _book.Put(Key(2, "b"), By("bob"), HalfAMinute);

        Assert.True(_book.After(known).Whole);
        Assert.Equal(2, _book.After(known).Changes.Count);
        Assert.True(_book.After(_book.Place with { Life = "life-0" }).Whole);
    }

    [Fact]
    public void It_lapses_when_its_time_has_come_and_not_before()
    {
        _book.Put(Key(1, "a"), By("ada"), HalfAMinute);
        _book.Put(Key(2, "b"), By("bob"), 2 * HalfAMinute);

        Assert.Equal(HalfAMinute, _book.NextEnd);
        _clock.Advance(HalfAMinute - TimeSpan.FromTicks(1));
        Assert.False(_book.Lapse());
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.Zero, _book.NextEnd);
        Assert.True(_book.Lapse());

        Assert.Equal(["bob"], _book.After(default).Changes.Select(change => change.What!.Author));
        Assert.Equal(HalfAMinute, _book.NextEnd);
    }

    [Fact]
    public void Renewed_it_lasts_from_then_on()
    {
        _book.Put(Key(1, "a"), By("ada"), HalfAMinute);
        _clock.Advance(HalfAMinute / 2);
        _book.Put(Key(1, "a"), By("ada"), HalfAMinute);

        _clock.Advance(HalfAMinute / 2);
        Assert.False(_book.Lapse());
        _clock.Advance(HalfAMinute / 2);
        Assert.True(_book.Lapse());
        Assert.Null(_book.NextEnd);
    }

    [Fact]
    public void Too_many_are_refused_and_renewals_are_not()
    {
        var book = new PresenceBook(_clock, "life-1", mostAnnouncements: 2);
        Assert.True(book.Put(Key(1, "a"), By("ada"), HalfAMinute));
        Assert.True(book.Put(Key(2, "a"), By("bob"), HalfAMinute));

        Assert.False(book.Put(Key(3, "a"), By("cyd"), HalfAMinute));
        Assert.True(book.Put(Key(2, "a"), By("bob"), HalfAMinute));
        book.Remove(Key(1, "a"));
        Assert.True(book.Put(Key(3, "a"), By("cyd"), HalfAMinute));
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_what_it_replaced_is_gone()
    {
        var large = By("ada") with { State = new byte[Announcement.MostStateBytes] };
        var fitting = PresenceBook.MostBytes / large.Bytes;
        for (var n = 0; n < fitting; n++) Assert.True(_book.Put(Key(n, "a"), large, HalfAMinute));

        Assert.False(_book.Put(Key(fitting, "a"), large, HalfAMinute));
        Assert.False(_book.Put(Key(0, "a"), large with { State = new byte[PresenceBook.MostBytes] }, HalfAMinute));

        Assert.DoesNotContain(_book.After(default).Changes, change => change.Key == Key(0, "a"));
        Assert.True(_book.Put(Key(fitting, "a"), large, HalfAMinute));
    }

    [Fact]
    public void Whoever_takes_in_each_slice_holds_what_there_is() => Gen
        .Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[1, 40])
        .Array[1, 200]
        .Sample(steps =>
        {
            var clock = new FakeTimeProvider();
            var book = new PresenceBook(clock, "life-1");
            var held = new Dictionary<AnnouncementKey, PresenceChange>();
            var known = default(PresencePlace);
            foreach (var (step, who, seconds) in steps)
            {
                if (step == 0) book.Remove(Key(who, "a"));
                else if (step == 1) clock.Advance(TimeSpan.FromSeconds(seconds));
                else if (step == 2) book.Put(Key(who, "a"), By("ada"), TimeSpan.FromSeconds(seconds));
                else known = TakeIn(book.After(known), held);
                if (book.NextEnd == TimeSpan.Zero) book.Lapse();
            }
            TakeIn(book.After(known), held);

            Assert.Equal(book.After(default).Changes.OrderBy(change => change.Key.Connection), held.Values.OrderBy(change => change.Key.Connection));
        }, iter: 500);

    private static PresencePlace TakeIn(PresenceSlice slice, Dictionary<AnnouncementKey, PresenceChange> held)
    {
        if (slice.Whole) held.Clear();
        foreach (var change in slice.Changes)
            if (change.What is null) held.Remove(change.Key);
            else held[change.Key] = change;
        return slice.Place;
    }

    private static AnnouncementKey Key(long connection, string record) => new("g", connection, record);

    private static Announcement By(string author) => new() { Author = author };
}
