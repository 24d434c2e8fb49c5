namespace OrleansSync.Load.Peers;

/// <summary>deepstream with its cache in memory: <c>bench/Peers/deepstream</c>.</summary>
internal sealed class DeepstreamContender : IContender
{
    public string Name => "deepstream";
    public string Version => "7.0.2";
    public Traits Traits { get; } = new(Kept.InMemory, Concurrent.Refused, Increments: false, Resumes: false);

    public async Task<ILiveServer> Start(int records)
    {
        var port = FreePort.Take();
        var process = await NodeProgram.Start("deepstream", port);
        return await new LivePeer([process], [port], records)
        {
            Dialect = _ => new DeepstreamDialect(),
            Edit = async (at, _) => await DeepstreamEditor.Connect(at),
        }.After(async () =>
        {
            using var editor = await DeepstreamEditor.Connect(port);
            await editor.Create();
        });
    }
}
