namespace OrleansSync.Load.Peers;

/// <summary>Hocuspocus, one Yjs document whose map has a key a record, in memory: <c>bench/Peers/hocuspocus</c>.</summary>
internal sealed class HocuspocusContender : IContender
{
    public string Name => "Hocuspocus (Yjs)";
    public string Version => "4.7.0";
    public Traits Traits { get; } = new(Kept.InMemory, Concurrent.Merged, Increments: false, Resumes: true);

    public async Task<ILiveServer> Start(int records)
    {
        var port = FreePort.Take();
        var process = await NodeProgram.Start("hocuspocus", port);
        return new LivePeer([process], [port], records)
        {
            Dialect = index => new HocuspocusDialect(index, records),
            Edit = async (at, index) => await HocuspocusEditor.Connect(at, index),
        };
    }
}
