using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>Guarantees 1 and 2: one order of versions, and an answer only for what is durable.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class WritingARecord(RunningSilo silo)
{
    private readonly string _collection = silo.NewCollection();

    [Fact]
    public async Task The_first_write_creates_collection_and_record()
    {
        var result = await silo.Record(_collection, "r").Write(Writes.Put(_collection, "r", """{"a":1}"""));

        Assert.Equal(Outcome.Applied, result.Outcome);
        Assert.True(result.Created);
        Assert.Equal(1, result.Record!.Version);
        Assert.NotNull(await silo.Collection(_collection).Read());
    }

    [Fact]
    public async Task A_record_that_never_was_reads_as_nothing() =>
        Assert.Null(await silo.Record(_collection, "never").Read());

    [Fact]
    public async Task Concurrent_writes_get_dense_versions_each_its_own()
    {
        var record = silo.Record(_collection, "r");

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(n => record.Write(Writes.Patch(_collection, "r", """{"n":{"$increment":1}}""", $"w{n}"))));

        Assert.Equal(Enumerable.Range(1, 200).Select(n => (long)n), results.Select(result => result.Record!.Version).Order());
        Assert.Equal("""{"n":200}""", (await record.Read()).Text());
    }

    [Fact]
    public async Task Who_reads_and_writes_on_what_was_read_gets_through_beside_many_others()
    {
        const int Writers = 16, Edits = 10;
        await silo.Record(_collection, "r").Write(Writes.Put(_collection, "r", """{"n":0}"""));

        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(Edit)));

        Assert.Equal($$"""{"n":{{Writers * Edits}}}""", (await silo.Record(_collection, "r").Read()).Text());

        async Task Edit()
        {
            var known = (await silo.Record(_collection, "r").Read())!;
            for (var done = 0; done < Edits;)
            {
                var count = JsonDocument.Parse(known.Data!).RootElement.GetProperty("n").GetInt32();
                var result = await silo.Record(_collection, "r").Write(
                    Writes.Patch(_collection, "r", $$"""{"n":{{count + 1}}}""") with { Precondition = Precondition.At(known.Version) });
                if (result.Outcome == Outcome.Applied) done++;
                known = result.Record!;
            }
        }
    }

    [Fact]
    public async Task What_was_answered_is_there_after_memory_is_lost()
    {
        await silo.Record(_collection, "r").Write(Writes.Put(_collection, "r", """{"a":1}"""));

        await silo.ForgetMemory();

        Assert.Equal("""{"a":1}""", (await silo.Record(_collection, "r").Read()).Text());
    }

    [Fact]
    public async Task A_timestamp_ahead_of_the_clock_is_refused_and_changes_nothing()
    {
        var ahead = Timestamp.Now(TimeProvider.System) + TimeSpan.FromMinutes(5);

        var result = await silo.Record(_collection, "r").Write(Writes.Put(_collection, "r", "{}") with { Timestamp = ahead });

        Assert.Equal(Codes.ClockAhead, result.Problem!.Code);
        Assert.Null(await silo.Record(_collection, "r").Read());
    }

    [Fact]
    public async Task Data_that_a_patch_makes_too_large_is_refused()
    {
        var record = silo.Record(_collection, "r");
        var half = new string('x', 140 * 1024);
        await record.Write(Writes.Put(_collection, "r", $$"""{"a":"{{half}}"}"""));

        var result = await record.Write(Writes.Patch(_collection, "r", $$"""{"b":"{{half}}"}"""));

        Assert.Equal(Codes.TooLarge, result.Problem!.Code);
        Assert.Equal(1, (await record.Read())!.Version);
    }

    [Fact]
    public async Task Data_against_the_schema_is_refused_with_the_failing_path()
    {
        await silo.Collection(_collection).Put(new CollectionSettings { Schema = """{"type":"object","properties":{"age":{"type":"integer"}}}""" });

        var result = await silo.Record(_collection, "r").Write(Writes.Put(_collection, "r", """{"age":"old"}"""));

        Assert.Equal(Codes.Schema, result.Problem!.Code);
        Assert.Equal("age", Assert.Single(result.Problem.Paths!).Path);
    }

    [Fact]
    public async Task New_settings_hold_from_the_next_write_on()
    {
        var record = silo.Record(_collection, "r");
        await record.Write(Writes.Put(_collection, "r", """{"a":1}"""));

        await silo.Collection(_collection).Put(new CollectionSettings { Policy = CollectionSettings.Reject });

        var result = await record.Write(Writes.Patch(_collection, "r", """{"a":2}"""));
        Assert.Equal(Codes.BaseRequired, result.Problem!.Code);
    }
}
