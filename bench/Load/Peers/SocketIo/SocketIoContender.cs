namespace OrleansSync.Load.Peers;

/// <summary>Socket.IO that sends to a room: <c>bench/Peers/socketio</c>.</summary>
internal sealed class SocketIoContender : IContender
{
    public string Name => "Socket.IO";
    public string Version => "4.8.4";
    public Traits Traits { get; } = new(Kept.InMemory, Concurrent.Overwrites, Increments: false, Resumes: false);

    public async Task<ILiveServer> Start(int records)
    {
        var port = FreePort.Take();
        var process = await NodeProgram.Start("socketio", port);
        return await new LivePeer([process], [port], records)
        {
            Dialect = _ => new SocketIoDialect(),
            Edit = async (at, _) => await SocketIoEditor.Connect(at),
        }.After(async () =>
        {
            using var editor = await SocketIoEditor.Connect(port);
            await editor.Set(0);
        });
    }
}
