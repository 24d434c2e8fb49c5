using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>A deployment of ours that runs already. It is written to as any client would, into the collection <c>bench</c>, and not cleaned up.</summary>
internal sealed class TargetContender(Address address) : IContender
{
    public string Name => $"OrleansSync at {address}";
    public string Version => "";
    public Traits Traits { get; } = new(Kept.Synced, Concurrent.Refused, Increments: true, Resumes: true);

    public async Task<ILiveServer> Start(int records)
    {
        using var editor = await OrleansSyncEditor.Connect(address, -1);
        await editor.Create();
        return new Live(address, records, await ListeningProcess.Of(address));
    }

    private sealed class Live(Address address, int records, Watched? process) : ILiveServer, IWatchable, IAddressed
    {
        // Write ids are remembered: those of another run must not be met again.
        private readonly int _run = Random.Shared.Next(1_000, 1_000_000) * 1_000;

        public Address Address => address;
        public Watched? Cost => process;
        public TimeSpan CpuTime => process?.Cpu() ?? TimeSpan.Zero;
        public long WorkingSet => process?.Memory?.Invoke() ?? 0;

        public async Task<IWriter> ConnectWriter(int index) => await SocketWriter.Connect(address, new OrleansSyncDialect(_run + index));

        public async Task<Subscriber> ConnectSubscriber(int index)
        {
            var (socket, dialect) = await Dial(index);
            await dialect.Follow(socket, records);
            return new(socket, dialect.Delivery);
        }

        public async Task<Line> Dial(int index)
        {
            var dialect = new OrleansSyncDialect(_run + index);
            var socket = await RawSocket.Connect(address, dialect.Path);
            await dialect.Greet(socket);
            return new(socket, dialect);
        }

        public async Task<IEditor> ConnectEditor(int index) => await OrleansSyncEditor.Connect(address, _run + index);
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
