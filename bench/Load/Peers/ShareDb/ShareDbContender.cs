namespace OrleansSync.Load.Peers;

/// <summary>ShareDB, a json0 document a record, in memory: <c>bench/Peers/sharedb</c>.</summary>
internal sealed class ShareDbContender : IContender
{
    public string Name => "ShareDB";
    public string Version => "7.0.0";
    public Traits Traits { get; } = new(Kept.InMemory, Concurrent.Merged, Increments: true, Resumes: true);

    public async Task<ILiveServer> Start(int records)
    {
        var port = FreePort.Take();
        var process = await NodeProgram.Start("sharedb", port, records);
        return new LivePeer([process], [port], records)
        {
            Dialect = _ => new ShareDbDialect(),
            Edit = async (at, _) => await ShareDbEditor.Connect(at),
        };
    }
}
