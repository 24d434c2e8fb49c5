using OrleansSync.Postgres;
using Xunit.Abstractions;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// Real processes on one real PostgreSQL server. Each is had by its place, and can be killed, told to end, held up and started again. What
/// they said is shown with a test that fails.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private const int LinesShown = 150;

    private readonly ITestOutputHelper _output;
    private readonly Network? _network;

    private Cluster(TemporaryPostgres postgres, IReadOnlyList<Node> nodes, ITestOutputHelper output, Network? network = null) =>
        (Postgres, Nodes, _output, _network) = (postgres, nodes, output, network);

    public TemporaryPostgres Postgres { get; }

    /// <summary>What lies between its nodes, where it is one that can be cut.</summary>
    public Network Network => _network ?? throw new InvalidOperationException("These nodes have no network of their own.");

    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>Where clients may go.</summary>
    public IReadOnlyList<Uri> Gateways => [.. Nodes.Where(node => node.Kind != NodeKind.Silo).Select(node => node.Address)];

    public Node this[int place] => Nodes[place];

    /// <summary>An empty database and nodes for it, none of them started.</summary>
    public static async Task<Cluster> Prepared(ITestOutputHelper output, IReadOnlyList<NodeKind> kinds, params string[] settings)
    {
        var postgres = await TemporaryPostgres.Start();
        var database = await postgres.CreateDatabase();
        return new(postgres, [.. kinds.Select(kind => new Node(kind, database, settings))], output);
    }

    /// <summary>Nodes that all started at the same time on an empty database, and are ready.</summary>
    public static async Task<Cluster> Started(ITestOutputHelper output, IReadOnlyList<NodeKind> kinds, params string[] settings) =>
        await Started(await Prepared(output, kinds, settings));

    /// <summary>The same, with a network between the nodes, and between them and the database, that can be cut.</summary>
    public static async Task<Cluster> StartedOnNetwork(ITestOutputHelper output, IReadOnlyList<NodeKind> kinds, params string[] settings)
    {
        var network = await Network.Create(kinds.Count);
        var postgres = await TemporaryPostgres.Start(network.Database, network.Range);
        var database = (await postgres.CreateDatabase()).Replace("127.0.0.1", network.Database, StringComparison.Ordinal);
        return await Started(new(postgres, [.. kinds.Select((kind, place) => new Node(kind, database, settings, network[place]))], output, network));
    }

    private static async Task<Cluster> Started(Cluster cluster)
    {
        try
        {
            await cluster.Start();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts all at once and returns when each says that writes would succeed.</summary>
    public Task Start() => Task.WhenAll(Nodes.Select(node => node.Start()));

    /// <summary>Returns when each says that writes would succeed, by itself.</summary>
    public Task Ready() => Task.WhenAll(Nodes.Select(node => node.Process.Ready()));

    /// <summary>One of a kind.</summary>
    public Node Any(NodeKind kind, Random random)
    {
        var kin = Nodes.Where(node => node.Kind == kind).ToArray();
        return kin[random.Next(kin.Length)];
    }

    /// <summary>kill -9 of all at once.</summary>
    public Task Kill() => Task.WhenAll(Nodes.Select(node => node.Kill()));

    public async ValueTask DisposeAsync()
    {
        // Before any is taken away: of that the others have a lot to say.
        foreach (var node in Nodes) _output.WriteLine($"==== {node}\n{string.Join('\n', LinesOf(node))}");
        foreach (var node in Nodes) node.Dispose();
        await Postgres.DisposeAsync();
        if (_network is not null) await _network.DisposeAsync();
    }

    private static IEnumerable<string> LinesOf(Node node) =>
        node.Process.Said.Split('\n').Where(line => !line.Contains("   at ", StringComparison.Ordinal)).TakeLast(LinesShown);
}

/// <summary>Whole clusters fill the machine, and their times are promised: one at a time, and nothing beside.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WithTheMachineToItself
{
    public const string Name = "with the machine to itself";
}
