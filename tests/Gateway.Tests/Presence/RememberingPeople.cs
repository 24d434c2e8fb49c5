using OrleansSync.Gateway.Presence;
using OrleansSync.Grains.Presence;

namespace OrleansSync.Gateway.Tests.Presence;

/// <summary>A gateway's board of people, as slices come.</summary>
public sealed class RememberingPeople
{
    private readonly PeopleBoard _board = new();
    private readonly HashSet<string> _changed = [];

    [Fact]
    public void What_is_known_already_or_has_a_gap_before_it_changes_nothing()
    {
        Apply("life-1", 0, 2, whole: true, "ada");

        Apply("life-1", 1, 2, whole: false, "bob");
        Apply("life-1", 5, 6, whole: false, "cyd");

        Assert.Equal(["ada"], There());
        Assert.Equal(2, _board.Place.Revision);
    }

    [Fact]
    public void A_whole_of_the_same_life_says_who_is_gone()
    {
        Apply("life-1", 0, 2, whole: true, "ada", "bob");

        Apply("life-1", 0, 9, whole: true, "bob");

        Assert.Equal(["bob"], There());
        Assert.Equal(["ada", "bob"], _changed.Order());
        Assert.False(_board.Remembers);
    }

    [Fact]
    public void Those_of_a_life_that_is_over_are_remembered_until_they_are_announced_again_or_forgotten()
    {
        Apply("life-1", 0, 3, whole: true, "ada", "bob", "cyd");

        Apply("life-2", 0, 1, whole: true, "ada");
        Assert.Equal(["ada", "bob", "cyd"], There());
        Assert.True(_board.Remembers);
        _board.Forget(Key("ada"), _changed);
        _board.Forget(Key("bob"), _changed);
        Assert.Equal(["ada", "cyd"], There());
        _board.ForgetAll(_changed);

        Assert.Equal(["ada"], There());
        Assert.False(_board.Remembers);
        Assert.Equal(1, _board.Count);
    }

    private void Apply(string life, long since, long revision, bool whole, params string[] people)
    {
        _changed.Clear();
        var changes = people.Select(person => new PresenceChange(Key(person), new() { Author = person }, default)).ToArray();
        _board.Apply(new(since, new(life, revision), whole, changes), _changed);
    }

    private string[] There() =>
        [.. System.Text.Json.Nodes.JsonNode.Parse(_board.Read(null).Json.Span)!["people"]!.AsArray().Select(person => (string)person!["author"]!)];

    private static AnnouncementKey Key(string person) => new("g", 1, person);
}
