using System.Runtime.CompilerServices;
using Npgsql;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>What the operations page has people run after a restore does what the page says.</summary>
[Collection(PostgresServer.Name)]
public sealed class RestoringADatabase(PostgresServer server)
{
    [Fact]
    public async Task Every_feed_has_another_life_and_no_earlier_owner()
    {
        var database = server.EmptyDatabase();
        await using var store = new PostgresStore(database, TimeProvider.System);
        await store.Open(default);
        var feed = await Scribe.Of(store, TimeProvider.System);
        await feed.Commit(feed.Put("a", "{}"));
        var before = (await store.ReadFeedPlace("todos", 0, default))!;

        await using (var source = NpgsqlDataSource.Create(database))
        await using (var statement = source.CreateCommand(SqlOf("operations.md")))
            await statement.ExecuteNonQueryAsync();

        var after = (await store.ReadFeedPlace("todos", 0, default))!;
        Assert.NotEqual(before.Incarnation, after.Incarnation);
        Assert.Matches("^[0-9a-z]{1,8}$", after.Incarnation);
        Assert.Equal(before.Head, after.Head);
        Assert.Equal([false], await store.Commit([feed.Batch(feed.Put("b", "{}"))], default));
        Assert.Null((await store.TakeFeed("todos", 0, "bob", default)).From);
    }

    private static string SqlOf(string page, [CallerFilePath] string here = "")
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs", page));
        var start = text.IndexOf("```sql\n", StringComparison.Ordinal) + "```sql\n".Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
