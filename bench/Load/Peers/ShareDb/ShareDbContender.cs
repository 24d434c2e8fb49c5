using OrleansSync.Load.Measures;
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
            var processes = await PostgresProcesses.Of(database.ConnectionString("postgres"));
            return await Peer(records, database, new("PostgreSQL", processes.CpuTime, processes.Memory));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task<LivePeer> Peer(int records, TemporaryPostgres? database = null, Watched? behind = null)
    {
        var port = FreePort.Take();
        var process = await NodeProgram.Start("sharedb", [port, records, .. database is null ? Array.Empty<object>() : [$"postgres://sync@127.0.0.1:{database.Port}/postgres"]]);
        return new([process], [port], records)
        {
            Dialect = _ => new ShareDbDialect(),
            Edit = async (at, _) => await ShareDbEditor.Connect(at),
            Behind = behind,
            Remove = database is null ? null : database.DisposeAsync,
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
}
