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
        return await new LivePeer([process], [port], records)
        {
            Dialect = _ => new PouchDbDialect(),
            Edit = (at, _) => Task.FromResult<IEditor>(new PouchDbEditor(at)),
            Writer = at => new PouchDbWriter(at),
            Remove = () =>
            {
                Directory.Delete(folder, recursive: true);
                return ValueTask.CompletedTask;
            },
        }.After(async () =>
        {
            using var editor = new PouchDbEditor(port);
            await editor.Create();
        });
    }
}
