using System.Text;
using Npgsql;
using OrleansSync.Load.Peers;
using OrleansSync.Postgres;

namespace OrleansSync.Load;

/// <summary>Nodes on a database of their own, each silo and gateway, all started and ready.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const int CollectionsTried = 100;

    private readonly string _database;
    private int _collections;

    private Cluster(string database, IReadOnlyList<ServerProcess> nodes) => (_database, Nodes) = (database, nodes);

    public IReadOnlyList<ServerProcess> Nodes { get; }

    public static async Task<Cluster> Start(TemporaryPostgres postgres, int nodes)
    {
        var database = await postgres.CreateDatabase();
        return new(database, await Task.WhenAll(Enumerable.Range(0, nodes).Select(_ => ServerProcess.Node(database))));
    }

    /// <summary>A writer on one of the nodes, in turn.</summary>
    /// <param name="collections">That it writes to in turn; none = <c>bench</c>.</param>
    public async Task<IWriter> ConnectWriter(int index, params IReadOnlyList<string> collections) =>
        await SocketWriter.Connect(Nodes[index % Nodes.Count].Port, new OrleansSyncDialect(index) { Collections = collections });

    /// <summary>A new collection that is at home on this node: where that is follows from the name.</summary>
    public async Task<string> CollectionOn(int node)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Nodes[node].Port}") };
        for (var i = 0; i < CollectionsTried; i++)
        {
            var name = $"bench-{++_collections}";
            using var data = new StringContent("{}", Encoding.UTF8, "application/json");
            (await http.PutAsync($"/v1/collections/{name}/records/first", data)).EnsureSuccessStatusCode();
            if (await IsOn(node, name)) return name;
        }

        throw new InvalidOperationException($"Node {node} is home to none of {CollectionsTried} collections.");
    }

    /// <summary>Whether the collection's feed is this node's, as the database has it.</summary>
    public async Task<bool> IsOn(int node, string collection)
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using var ask = new NpgsqlCommand(
            "select f.owner from orleanssync.feeds f join orleanssync.collections c on c.key = f.collection where c.name = $1", connection);
        ask.Parameters.Add(new() { Value = collection });
        return await ask.ExecuteScalarAsync() is string owner && owner.Contains($":{Nodes[node].SiloPort}", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
    }
}
