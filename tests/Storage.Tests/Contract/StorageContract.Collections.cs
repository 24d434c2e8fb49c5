using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

public abstract partial class StorageContract
{
    [Fact]
    public async Task An_unknown_collection_is_null()
    {
        Assert.Null(await Store.ReadCollection("todos", default));
        Assert.Empty(await Store.ReadCollections(default));
    }

    [Fact]
    public async Task Settings_come_back_as_they_were_written()
    {
        var settings = new CollectionSettings
        {
            Policy = CollectionSettings.Reject,
            Granularity = Granularity.Record,
            Fields = new Dictionary<string, string> { ["title"] = "custom:max", [@"a\.b"] = CollectionSettings.Reject },
            Schema = """{"type":"object","title":"Ä"}""",
            HistoryVersions = 7,
            HistoryDays = 8,
            TombstoneDays = 9,
            Partitions = 3,
            Indexes = ["status", "owner.team"],
            Read = ["*"],
            Write = [],
            Owner = "ownerId",
        };
        var written = await Store.WriteCollection("todos", 0, settings, default);
        var read = await Store.ReadCollection("todos", default);

        Assert.Equal(1, written!.Revision);
        Same(settings, read!.Settings);
        Assert.Null(read.Settings.Resolve);
        Assert.Empty(read.Settings.Write!);
    }

    [Fact]
    public async Task Of_two_who_write_settings_at_one_revision_one_is_first()
    {
        await Store.WriteCollection("todos", 0, CollectionSettings.Default, default);
        Assert.Null(await Store.WriteCollection("todos", 0, CollectionSettings.Default, default));

        var second = await Store.WriteCollection("todos", 1, CollectionSettings.Default with { HistoryDays = 1 }, default);
        Assert.Equal(2, second!.Revision);
        Assert.Null(await Store.WriteCollection("todos", 1, CollectionSettings.Default with { HistoryDays = 2 }, default));
        Assert.Equal(1, (await Store.ReadCollection("todos", default))!.Settings.HistoryDays);
    }

    [Fact]
    public async Task Collections_are_listed_by_name()
    {
        foreach (var name in new[] { "b", "a-2", "a_1", "a" })
            await Store.WriteCollection(name, 0, CollectionSettings.Default, default);
        Assert.Equal(["a", "a-2", "a_1", "b"], (await Store.ReadCollections(default)).Select(collection => collection.Name));
    }

    [Fact]
    public async Task A_feed_taken_before_its_collection_exists_does_not_create_it()
    {
        var before = await Store.TakeFeed("todos", 0, "ada", default);
        Assert.Null(await Store.ReadCollection("todos", default));
        Assert.Empty(await Store.ReadCollections(default));

        Assert.Equal(1, (await Store.WriteCollection("todos", 0, CollectionSettings.Default, default))!.Revision);
        Assert.Equal(before.Place.Incarnation, (await Store.ReadFeedPlace("todos", 0, default))!.Incarnation);
    }

    [Fact]
    public async Task Counts_follow_creation_deletion_and_return()
    {
        await Settle(CollectionSettings.Default);
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"), feed.Put("b", "{}"), feed.Put("c", "{}"), feed.Delete("b"), feed.Delete("c"), feed.Put("c", "{}"));
        await feed.Commit(feed.Reject("never"), feed.Put("a", """{"n":1}"""));

        Assert.Equal(new CollectionCounts(2, 1, 0), (await Store.ReadCollection("todos", default))!.Counts);

        await feed.Commit(feed.Put("a", """{"n":2}"""), feed.Put("b", "{}"), feed.Delete("c"));
        Assert.Equal(new CollectionCounts(2, 1, 0), (await Store.ReadCollection("todos", default))!.Counts);
        await feed.Commit(feed.Put("c", "{}"));
        Assert.Equal(new CollectionCounts(3, 0, 0), (await Store.ReadCollection("todos", default))!.Counts);
    }

    [Fact]
    public async Task A_version_over_another_than_it_expects_is_refused_and_counts_nothing()
    {
        await Settle(CollectionSettings.Default);
        var feed = await TakeFeed();
        await feed.Commit(feed.Put("a", "{}"), feed.Put("b", "{}"));

        var good = feed.Put("a", """{"n":1}""");
        var stale = feed.Put("b", """{"n":1}""");
        var answer = await Store.Commit([feed.Batch(good, stale with { ExpectedVersion = 2 })], default);

        Assert.Equal([false], answer);
        Assert.Equal("{}", Text((await Read("a"))!.State!.Data));
        Assert.Equal(2, (await Store.ReadFeedPlace("todos", 0, default))!.Head);
        Assert.Equal(new CollectionCounts(2, 0, 0), (await Store.ReadCollection("todos", default))!.Counts);
    }
}
