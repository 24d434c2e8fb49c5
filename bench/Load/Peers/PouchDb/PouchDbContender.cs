namespace OrleansSync.Load.Peers;

/// <summary>The CouchDB protocol on LevelDB: <c>bench/Peers/pouchdb</c>. HTTP, one request at a time on a connection.</summary>
internal sealed class PouchDbContender : IContender
{
    public string Name => "PouchDB server";
    public string Version => "4.2.0";

    /// <summary>LevelDB is written without fsync; the feed of changes may skip to a document's newest revision.</summary>
    public Traits Traits { get; } = new(Kept.Written, Concurrent.Refused, Increments: false, Resumes: true, EveryWrite: false);

    public async Task<ILiveServer> Start(int records)
    {
        var port = FreePort.Take();
        var folder = Directory.CreateTempSubdirectory("peer-pouchdb-").FullName;
        var process = await NodeProgram.Start("pouchdb", port, records, folder);
        var peer = await new LivePeer([process], [port], records)
        {
            Dialect = _ => new PouchDbDialect(),
            Edit = (at, _) => Task.FromResult<IEditor>(new PouchDbEditor(at)),
            Writer = at => new PouchDbWriter(at),
        }.After(async () =>
        {
            using var editor = new PouchDbEditor(port);
            await editor.Create();
        });
        return new Live(folder, peer);
    }

    /// <summary>Its data go with it.</summary>
    private sealed class Live(string folder, LivePeer peer) : ILiveServer
    {
        public TimeSpan CpuTime => peer.CpuTime;
        public long WorkingSet => peer.WorkingSet;
        public Task<IWriter> ConnectWriter(int index) => peer.ConnectWriter(index);
        public Task<Subscriber> ConnectSubscriber(int index) => peer.ConnectSubscriber(index);
        public Task<Line> Dial(int index) => peer.Dial(index);
        public Task<IEditor> ConnectEditor(int index) => peer.ConnectEditor(index);

        public async ValueTask DisposeAsync()
        {
            await peer.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }
}
