namespace OrleansSync.EndToEnd.Nodes;

/// <summary>What a process of a cluster has in it.</summary>
internal enum NodeKind
{
    /// <summary>Silo and gateway in one.</summary>
    Both,
    Silo,
    Gateway,
}

/// <summary>A process of a cluster, with its ports for all its lives.</summary>
internal sealed class Node : IDisposable
{
    private readonly ServedProgram _program;

    /// <param name="place">Where it runs; beside the tests unless told.</param>
    public Node(NodeKind kind, string database, IReadOnlyList<string> settings, NetworkPlace? place = null)
    {
        (Kind, Address) = (kind, new($"http://{place?.Address ?? "127.0.0.1"}:{StablePort.Take()}"));
        if (place is not null && kind != NodeKind.Gateway) settings = ["--Cluster:Address", place.Address, .. settings];
        _program = new(
            kind == NodeKind.Silo ? BuiltBeside.Silo : BuiltBeside.Gateway, Address, [.. Arguments(kind, Address, database), .. settings], within: place?.Within);
    }

    public NodeKind Kind { get; }

    public Uri Address { get; }

    public HttpClient Http => _program.Http;

    public ServedProgram Process => _program;

    /// <summary>Starts it and returns when it says that writes would succeed.</summary>
    public Task Start()
    {
        _program.Start();
        return _program.Ready();
    }

    public Task Kill() => _program.Kill();

    public override string ToString() => $"{Kind} at {Address}";

    public void Dispose() => _program.Dispose();

    private static IEnumerable<string> Arguments(NodeKind kind, Uri address, string database)
    {
        string[] common = ["--Urls", address.ToString(), "--Store", "postgres", "--ConnectionStrings:Postgres", database];
        string[] ports = ["--Cluster:SiloPort", $"{StablePort.Take()}", "--Cluster:GatewayPort", $"{StablePort.Take()}"];
        return kind switch
        {
            NodeKind.Gateway => [.. common, "--Role", "gateway"],
            _ => [.. common, .. ports],
        };
    }
}
