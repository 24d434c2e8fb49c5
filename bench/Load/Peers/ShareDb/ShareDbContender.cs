using OrleansSync.Postgres;

namespace OrleansSync.Load.Peers;

/// <summary>ShareDB, a json0 document a record, in memory or on PostgreSQL: <c>bench/Peers/sharedb</c>.</summary>
internal sealed class ShareDbContender(bool onPostgres) : IContender
{
    public string Name => onPostgres ? "ShareDB on PostgreSQL" : "ShareDB";
    public string Version => "7.0.0";
    public Traits Traits { get; } = new(onPostgres ? Kept.Synced : Kept.InMemory, Concurrent.Merged, Increments: true, Resumes: true);

    public async Task<ILiveServer> Start(int records)
    {
        if (!onPostgres) return await Peer(records);
        var database = await Database();
        try
        {
            return new Live(database, await PostgresProcesses.Of(database.ConnectionString("postgres")), await Peer(records, $"postgres://sync@127.0.0.1:{database.Port}/postgres"));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task<LivePeer> Peer(int records, params string[] database)
    {
        var port = FreePort.Take();
        var process = await NodeProgram.Start("sharedb", [port, records, .. database]);
        return new LivePeer([process], [port], records)
        {
            Dialect = _ => new ShareDbDialect(),
            Edit = async (at, _) => await ShareDbEditor.Connect(at),
        };
    }

    private static async Task<TemporaryPostgres> Database()
    {
        try
        {
            return await TemporaryPostgres.Start();
        }
        catch (InvalidOperationException missing)
        {
            throw new ContenderMissing(missing.Message);
        }
    }

    /// <summary>With the database behind it: its processes count too, and it goes with it.</summary>
    private sealed class Live(TemporaryPostgres database, PostgresProcesses processes, LivePeer peer) : ILiveServer
    {
        public TimeSpan CpuTime => peer.CpuTime + processes.CpuTime();
        public long WorkingSet => peer.WorkingSet + processes.Memory();
        public Task<IWriter> ConnectWriter(int index) => peer.ConnectWriter(index);
        public Task<Subscriber> ConnectSubscriber(int index) => peer.ConnectSubscriber(index);
        public Task<IEditor> ConnectEditor(int index) => peer.ConnectEditor(index);

        public async ValueTask DisposeAsync()
        {
            await peer.DisposeAsync();
            await database.DisposeAsync();
        }
    }
}
