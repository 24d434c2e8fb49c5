using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>History explains every write, and any retained version can be seen again.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class ReadingThePast(RunningSilo silo)
{
    private readonly string _collection = silo.NewCollection();

    [Fact]
    public async Task Every_version_can_be_seen_as_it_was()
    {
        var record = silo.Record(_collection, "r");
        string?[] texts = ["""{"a":1}""", """{"a":1,"b":{"c":[]}}""", null, """{"d":{}}"""];
        await record.Write(Writes.Put(_collection, "r", texts[0]!));
        await record.Write(Writes.Patch(_collection, "r", """{"b":{"c":[]}}"""));
        await record.Write(Writes.Delete(_collection, "r"));
        await record.Write(Writes.Put(_collection, "r", texts[3]!));

        for (var version = 1; version <= texts.Length; version++)
            Assert.Equal(texts[version - 1], (await record.ReadVersion(version)).Text());
        Assert.True((await record.ReadVersion(3))!.Deleted);
        Assert.Null(await record.ReadVersion(5));
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_without_a_gap()
    {
        var record = silo.Record(_collection, "r");
        for (var n = 0; n < 7; n++) await record.Write(Writes.Put(_collection, "r", $$"""{"n":{{n}}}"""));

        var first = await record.ReadHistory(long.MaxValue, 3);
        var second = await record.ReadHistory(first!.Next!.Value, 3);
        var third = await record.ReadHistory(second!.Next!.Value, 3);

        Assert.Equal([7L, 6, 5], first.Entries.Select(entry => entry.Version));
        Assert.Equal([4L, 3, 2], second.Entries.Select(entry => entry.Version));
        Assert.Equal([1L], third!.Entries.Select(entry => entry.Version));
        Assert.Null(third.Next);
    }

    [Fact]
    public async Task A_superseded_write_is_there_with_what_it_wanted_and_why()
    {
        var record = silo.Record(_collection, "r");
        var now = Timestamp.Now(TimeProvider.System);
        await record.Write(Writes.Put(_collection, "r", """{"a":"later"}""") with { Timestamp = now });

        var result = await record.Write(Writes.Patch(_collection, "r", """{"a":"earlier"}""") with { Timestamp = now + TimeSpan.FromMinutes(-1), Author = "bob" });

        Assert.Equal(Outcome.Superseded, result.Outcome);
        var entry = (await record.ReadHistory(long.MaxValue, 1))!.Entries[0];
        Assert.Equal(Outcome.Superseded, entry.Outcome);
        Assert.Equal("\"earlier\""u8.ToArray(), Assert.Single(entry.Wanted).To);
        Assert.Contains("ada", Assert.Single(entry.Fields).Why);
    }

    [Fact]
    public async Task A_purge_forgets_the_past_but_not_the_version()
    {
        var record = silo.Record(_collection, "r");
        await record.Write(Writes.Put(_collection, "r", """{"secret":1}""", "w1"));

        await record.Write(Writes.Delete(_collection, "r", "w2") with { Purge = true });

        Assert.Null(await record.ReadVersion(1));
        Assert.Equal(2, (await record.Read())!.Version);
        Assert.True((await record.Write(Writes.Put(_collection, "r", """{"secret":1}""", "w1"))).Replayed);
        Assert.DoesNotContain((await record.ReadHistory(long.MaxValue, 10))!.Entries, entry => entry.Changes.Count > 0);
    }
}
