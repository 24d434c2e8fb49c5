namespace OrleansSync.Load.Peers;

/// <summary>Ours: silo and gateway in one process on SQLite, every commit fsynced; clients on the plain WebSocket.</summary>
internal sealed class OrleansSyncContender : IContender
{
    public string Name => "OrleansSync";

    /// <summary>Built in one go with this.</summary>
    public string Version => typeof(OrleansSyncContender).Assembly.GetName().Version!.ToString(3);

    public Traits Traits { get; } = new(Kept.Synced, Concurrent.Refused, Increments: true, Resumes: true);

    public async Task<ILiveServer> Start(int records)
    {
        var server = await ServerProcess.Gateway();
        var clients = new LivePeer([], [server.Port], records)
        {
            Dialect = index => new OrleansSyncDialect(index),
            Edit = async (port, index) => await OrleansSyncEditor.Connect(port, index),
        };
        try
        {
            using var editor = await OrleansSyncEditor.Connect(server.Port, -1);
            await editor.Create();
            return new Live(server, clients);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its clients are like a peer's; the process is the one that the other runs start.</summary>
    private sealed class Live(ServerProcess server, LivePeer clients) : ILiveServer, IAddressed
    {
        public Address Address => server.Port;
        public TimeSpan CpuTime => server.CpuTime;
        public long WorkingSet => server.WorkingSet;
        public Task<IWriter> ConnectWriter(int index) => clients.ConnectWriter(index);
        public Task<Subscriber> ConnectSubscriber(int index) => clients.ConnectSubscriber(index);
        public Task<Line> Dial(int index) => clients.Dial(index);
        public Task<IEditor> ConnectEditor(int index) => clients.ConnectEditor(index);
        public ValueTask DisposeAsync() => server.DisposeAsync();
    }
}
