using Npgsql;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>Databases that can and cannot be a store's.</summary>
[Collection(PostgresServer.Name)]
public sealed class OpeningADatabase(PostgresServer server)
{
    [Fact]
    public async Task Ten_stores_open_an_empty_database_at_once()
    {
        var database = await server.Server.CreateDatabase();
        var stores = Enumerable.Range(0, 10).Select(_ => new PostgresStore(database, TimeProvider.System)).ToList();

        await Task.WhenAll(stores.Select(store => store.Open(default)));
        var feeds = await Task.WhenAll(stores.Select((store, i) => Scribe.Of(store, TimeProvider.System, "todos", i)));
        await Task.WhenAll(feeds.Select((feed, i) => feed.Commit(feed.Put($"r{i}", "{}"))));

        foreach (var store in stores)
        {
            Assert.NotNull(await store.ReadRecord("todos", "r7", default));
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task Ten_stores_take_one_new_feed_at_once()
    {
        var database = server.EmptyDatabase();
        var stores = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Open(database)));

        var taken = await Task.WhenAll(stores.Select(store => store.TakeFeed("todos", 0, "test", default)));

        Assert.Equal(Enumerable.Range(1, 10).Select(epoch => (long)epoch), taken.Select(ownership => ownership.Epoch).Order());
        Assert.Single(taken.Select(ownership => ownership.Place.Incarnation).Distinct());
        foreach (var store in stores)
            await store.DisposeAsync();
        server.Return(database);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_not_touched()
    {
        var database = await server.Server.CreateDatabase();
        await (await Open(database)).DisposeAsync();
        await Execute(database, "insert into orleanssync.schema_versions(scriptname, applied) values('0099-future.sql', now())");

        var why = await Fails(database);

        Assert.Contains("newer version", why);
        Assert.Contains("0099-future.sql", why);
    }

    [Fact]
    public async Task A_database_that_cannot_hold_every_text_is_not_touched()
    {
        await Execute(server.Server.ConnectionString("postgres"), "create database latin template template0 encoding 'LATIN1' locale 'C'");
        Assert.Contains("UTF8", await Fails(server.Server.ConnectionString("latin")));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=sync;Database=sync")]
    [InlineData("Host=127.0.0.1;Port=nonsense")]
    [InlineData("nonsense")]
    public async Task What_is_no_database_is_unavailable(string connectionString) =>
        Assert.Contains("Cannot open", await Fails(connectionString));

    [Fact]
    public async Task A_database_that_does_not_exist_is_unavailable() =>
        Assert.Contains("nowhere", await Fails(server.Server.ConnectionString("nowhere")));

    [Fact]
    public async Task A_store_that_was_not_opened_is_unavailable()
    {
        await using var store = new PostgresStore(server.Server.ConnectionString("postgres"), TimeProvider.System);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadRecord("todos", "a", default));
    }

    [Fact]
    public async Task All_text_is_compared_byte_by_byte_whatever_the_locale()
    {
        var database = await server.Server.CreateDatabase();
        await (await Open(database)).DisposeAsync();

        Assert.Equal(0L, await Execute(
            database,
            """
            select count(*) from information_schema.columns
            where table_schema = 'orleanssync' and table_name <> 'schema_versions' and data_type = 'text' and collation_name is distinct from 'C'
            """));
    }

    [Fact]
    public async Task Tables_of_others_in_the_database_are_left_alone()
    {
        var database = await server.Server.CreateDatabase();
        await Execute(database, "create table records(mine integer); insert into records values(7)");
        await using var store = await Open(database);
        var feed = await Scribe.Of(store, TimeProvider.System);
        await feed.Commit(feed.Put("a", "{}"));

        Assert.Equal(7, await Execute(database, "select mine from records"));
    }

    private static async Task<PostgresStore> Open(string database)
    {
        var store = new PostgresStore(database, TimeProvider.System);
        await store.Open(default);
        return store;
    }

    private static async Task<string> Fails(string connectionString)
    {
        await using var store = new PostgresStore(connectionString, TimeProvider.System);
        return (await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Open(default))).Message;
    }

    private static async Task<object?> Execute(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
