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

    private Cluster(TemporaryPostgres postgres, IReadOnlyList<Node> nodes, ITestOutputHelper output) =>
        (Postgres, Nodes, _output) = (postgres, nodes, output);

    public TemporaryPostgres Postgres { get; }

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
    public static async Task<Cluster> Started(ITestOutputHelper output, IReadOnlyList<NodeKind> kinds, params string[] settings)
    {
        var cluster = await Prepared(output, kinds, settings);
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
