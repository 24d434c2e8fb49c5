using OrleansSync.Protocol;
using OrleansSync.Storage.Postgres;
using OrleansSync.Storage.Tests.Contract;

namespace OrleansSync.Storage.Tests.Postgres;

/// <summary>How the database goes about a page: from the front, by an index, and no further than the page.</summary>
[Collection(PostgresServer.Name)]
public sealed class PlanningAList(PostgresServer server) : IAsyncLifetime
{
    private readonly string _database = server.EmptyDatabase();
    private PostgresStore _store = null!;

    public async Task InitializeAsync()
    {
        _store = new(_database, TimeProvider.System);
        await _store.Open(default);
        await _store.RebuildIndexes("todos", ["n"], default);
        var feed = await Scribe.Of(_store, TimeProvider.System);
        await feed.Commit([.. Enumerable.Range(0, 3_000).Select(i => feed.Put($"r{i}", $$"""{"n":{{i % 50}},"text":"{{new string('x', 200)}}"}"""))]);
    }

    public async Task DisposeAsync()
    {
        await _store.DisposeAsync();
        server.Return(_database);
    }

    [Theory]
    [InlineData("id", "{}")]
    [InlineData("-id", "{}")]
    [InlineData("n", "{}")]
    [InlineData("-n", "{}")]
    [InlineData("n", """{"n":{"gte":7,"lt":20}}""")]
    [InlineData("-n", """{"n":{"gte":7,"lt":20}}""")]
    [InlineData("id", """{"n":7}""")]
    [InlineData("-id", """{"n":7}""")]
    public async Task An_ordered_list_is_neither_sorted_nor_scanned(string order, string filter)
    {
        foreach (var known in new[] { false, true })
        {
            await using var connections = new Connections(new() { ConnectionString = _database });
            var plans = await connections.List(
                async session =>
                {
                    if (known)
                        await session.Run("analyze field_index, records");
                    var candidates = (await ListCandidates.Begin(session, "todos"))!;
                    var listOrder = new ListOrder(RecordOrder.Parse(order));
                    var query = new RecordQuery
                    {
                        Collection = "todos",
                        Order = RecordOrder.Parse(order),
                        Filter = Filter.Parse(System.Text.Encoding.UTF8.GetBytes(filter)),
                        Limit = 10,
                    };
                    var place = order[^1] == 'n' ? new ListPlace(SortKey.Of("9"u8), "r9", 0) : new ListPlace([], "r9", 0);
                    var plan = ListPlan.Of(query, listOrder, candidates.Paths);
                    Assert.True(plan.IsOrdered(listOrder));
                    var lines = new List<string>();
                    foreach (var after in new ListPlace?[] { null, place })
                        foreach (var leg in candidates.Of(plan, listOrder, after))
                            lines.AddRange(await session.Explain(leg));
                    return lines;
                },
                default);

            Assert.NotEmpty(plans);
            Assert.All(plans, line => Assert.DoesNotMatch("Seq Scan|Sort|Hash|Materialize|Bitmap", line));
        }
    }
}

internal static class Explaining
{
    /// <summary>What the database would do to give the first rows of a leg.</summary>
    public static async Task<List<string>> Explain(this Session session, Leg leg)
    {
        await using var command = new Npgsql.NpgsqlCommand($"explain declare plan no scroll cursor for {leg.Sql}", session.Connection);
        command.Parameters.AddRange(leg.Values);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync())
            lines.Add(reader.GetString(0));
        return lines;
    }
}
