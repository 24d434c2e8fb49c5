using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>Guarantee 3: a resent write has its effect once and gets the first answer.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class ResendingAWrite(RunningSilo silo)
{
    private readonly string _collection = silo.NewCollection();

    [Fact]
    public async Task It_gets_the_first_answer_whatever_happened_since()
    {
        var record = silo.Record(_collection, "r");
        var write = Writes.Put(_collection, "r", """{"a":1}""", "w1");
        var first = await record.Write(write);
        await record.Write(Writes.Patch(_collection, "r", """{"a":2}""", "w2"));
        await record.Write(Writes.Delete(_collection, "r", "w3"));

        var again = await record.Write(write);

        Assert.True(again.Replayed);
        Assert.Equal(first.Outcome, again.Outcome);
        Assert.Equal(first.Created, again.Created);
        Assert.Equal(first.Record!.Version, again.Record!.Version);
        Assert.Equal("""{"a":1}""", again.Record.Text());
        Assert.Equal(3, (await record.Read())!.Version);
    }

    [Fact]
    public async Task It_is_remembered_when_memory_is_lost()
    {
        var record = silo.Record(_collection, "r");
        var write = Writes.Patch(_collection, "r", """{"n":{"$increment":1}}""", "w1");
        await record.Write(write);

        await silo.ForgetMemory();

        Assert.True((await record.Write(write)).Replayed);
        Assert.Equal("""{"n":1}""", (await record.Read()).Text());
    }

    [Fact]
    public async Task Resends_that_come_while_the_first_is_under_way_count_once()
    {
        var record = silo.Record(_collection, "r");
        var write = Writes.Patch(_collection, "r", """{"n":{"$increment":1}}""", "w1");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => record.Write(write)));

        Assert.Equal("""{"n":1}""", (await record.Read()).Text());
        Assert.Equal(49, results.Count(result => result.Replayed));
        Assert.All(results, result => Assert.Equal(1, result.Record!.Version));
    }

    [Fact]
    public async Task Another_write_under_the_same_id_is_refused()
    {
        var record = silo.Record(_collection, "r");
        await record.Write(Writes.Put(_collection, "r", """{"a":1}""", "w1"));

        var other = await record.Write(Writes.Put(_collection, "r", """{"a":2}""", "w1"));

        Assert.Equal(Codes.WriteIdReused, other.Problem!.Code);
        Assert.Equal("""{"a":1}""", (await record.Read()).Text());
    }

    [Fact]
    public async Task The_same_id_of_another_author_is_another_write()
    {
        var record = silo.Record(_collection, "r");
        await record.Write(Writes.Put(_collection, "r", """{"a":1}""", "w1"));

        var bobs = await record.Write(Writes.Put(_collection, "r", """{"a":2}""", "w1") with { Author = "bob" });

        Assert.False(bobs.Replayed);
        Assert.Equal(2, bobs.Record!.Version);
    }

    [Fact]
    public async Task A_rejection_is_remembered_too()
    {
        var record = silo.Record(_collection, "r");
        var patch = Writes.Patch(_collection, "r", """{"a":1}""", "w1");
        Assert.Equal(Codes.NotFound, (await record.Write(patch)).Problem!.Code);
        await record.Write(Writes.Put(_collection, "r", """{"b":1}""", "w2"));

        var again = await record.Write(patch);

        Assert.True(again.Replayed);
        Assert.Equal(Codes.NotFound, again.Problem!.Code);
        Assert.Equal("""{"b":1}""", (await record.Read()).Text());
    }

    [Fact]
    public async Task What_was_invalid_is_not_remembered()
    {
        var record = silo.Record(_collection, "r");
        var early = Writes.Put(_collection, "r", "{}", "w1") with { Base = 7 };
        Assert.Equal(Outcome.Invalid, (await record.Write(early)).Outcome);

        var mended = await record.Write(early with { Base = null });

        Assert.False(mended.Replayed);
        Assert.Equal(Outcome.Applied, mended.Outcome);
    }
}
