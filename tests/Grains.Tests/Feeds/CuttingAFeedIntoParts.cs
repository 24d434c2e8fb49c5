using Microsoft.Extensions.DependencyInjection;
using OrleansSync.Grains.Feeds;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Tests.Records;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Tests.Feeds;

/// <summary>Each record's changes are in one partition's feed, always the same, however early somebody asked for it.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class CuttingAFeedIntoParts(RunningSilo silo)
{
    private const int Partitions = 4;

    private readonly string _collection = silo.NewCollection();

    [Fact]
    public async Task Records_that_were_asked_for_before_the_collection_was_there_are_carried_where_they_belong()
    {
        var ids = Enumerable.Range(0, 40).Select(n => $"r{n}").ToArray();
        foreach (var id in ids) Assert.Null(await silo.Record(_collection, id).Read());

        await Create();
        foreach (var id in ids) await Write(id);
        foreach (var id in ids) await Write(id);

        await AssertCarried(ids);
    }

    [Fact]
    public async Task Records_that_are_written_while_the_collection_is_created_are_carried_where_they_belong()
    {
        for (var round = 0; round < 10; round++)
        {
            var collection = silo.NewCollection();
            var ids = Enumerable.Range(0, 20).Select(n => $"r{n}").ToArray();
            var settings = CollectionSettings.Default with { Partitions = Partitions };

            var creating = silo.Collection(collection).Put(settings);
            await Task.WhenAll(ids.Select(id => Write(id, collection)));
            var (created, _, refused) = await creating;

            // Whoever was first decides how many there are.
            Assert.Equal(refused is null ? Partitions : 1, created.Settings.Partitions);
            await silo.ForgetMemory();
            foreach (var id in ids) await Write(id, collection);
            await AssertCarried(ids, collection, created.Settings.Partitions);
        }
    }

    [Fact]
    public async Task Counts_are_those_of_all_parts()
    {
        await Create();
        for (var n = 0; n < 20; n++) await Write($"r{n}");
        for (var n = 0; n < 5; n++) await silo.Record(_collection, $"r{n}").Write(Writes.Delete(_collection, $"r{n}"));

        var counts = (await silo.Collection(_collection).Read())!.Counts;

        Assert.Equal((15, 5), (counts.Records, counts.Tombstones));
    }

    [Fact]
    public async Task New_settings_hold_in_every_part_at_once()
    {
        await Create();
        for (var n = 0; n < 20; n++) await Write($"r{n}");

        await Create(CollectionSettings.Default with { Policy = CollectionSettings.Reject });

        for (var n = 0; n < 20; n++)
        {
            var result = await silo.Record(_collection, $"r{n}").Write(Writes.Put(_collection, $"r{n}", """{"n":2}"""));
            Assert.Equal(Codes.BaseRequired, result.Problem?.Code);
        }
    }

    [Fact]
    public async Task What_one_part_sweeps_for_all_every_part_owns_to()
    {
        await Create();
        var ids = Enumerable.Range(0, 20).Select(n => $"r{n}").ToArray();
        foreach (var id in ids) await Write(id);
        foreach (var id in ids) await silo.Record(_collection, id).Write(Writes.Delete(_collection, id));
        // After this no memory reaches back to before the tombstones, and each part has looked at its place before the sweep.
        await silo.ForgetMemory();
        var before = await States();
        Assert.All(before, state => Assert.Equal(0, state.Place.Floor));

        var store = silo.Services.GetRequiredService<ISyncStore>();
        while (await store.Sweep(_collection, Timestamp.Now(TimeProvider.System) + TimeSpan.FromDays(31), default))
        {
        }

        for (var partition = 0; partition < Partitions; partition++)
        {
            var slice = await silo.Feed(_collection, partition).ReadAfter(1, 1000);
            Assert.Empty(slice.Entries);
            Assert.Equal(before[partition].Place.Head, slice.Head.Floor);
        }
    }

    private async Task Create(CollectionSettings? settings = null)
    {
        var (_, _, refused) = await silo.Collection(_collection).Put((settings ?? CollectionSettings.Default) with { Partitions = Partitions });
        Assert.Null(refused);
    }

    private async Task Write(string id, string? collection = null)
    {
        var result = await silo.Record(collection ?? _collection, id).Write(Writes.Patch(collection ?? _collection, id, """{"n":{"$increment":1}}"""));
        Assert.Equal(Outcome.Applied, result.Outcome);
    }

    private Task<FeedState[]> States() =>
        Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition => silo.Feed(_collection, partition).ReadState()));

    /// <summary>Every record was written twice, and every version of it, and nothing else, is in its partition's feed.</summary>
    private async Task AssertCarried(string[] ids, string? collection = null, int partitions = Partitions)
    {
        collection ??= _collection;
        var latest = new List<string>();
        for (var partition = 0; partition < partitions; partition++)
        {
            var slice = await silo.Feed(collection, partition).ReadAfter(0, 1000);
            Assert.Equal(slice.Head.Head, slice.UpTo);
            Assert.All(slice.Entries, entry => Assert.Equal(partition, new RecordKey(collection, entry.Record.Id).FeedOf(partitions).Partition));
            latest.AddRange(slice.Entries.Where(entry => entry.Record.Version == 2).Select(entry => entry.Record.Id));
        }
        Assert.Equal(ids.Order(), latest.Order());
        Assert.Equal(ids.Length, (await silo.Collection(collection).Read())!.Counts.Records);
    }
}
