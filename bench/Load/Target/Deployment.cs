using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>A server of ours that runs, as its clients see it.</summary>
/// <param name="process">Null = it runs elsewhere, or is watched by somebody else.</param>
/// <param name="run">Sets the ids of this run's writes apart from those of others.</param>
internal sealed class Deployment(Address address, int records, Watched? process, int run) : ILiveServer, IWatchable, IAddressed
{
    public Address Address => address;
    public Watched? Cost => process;
    public TimeSpan CpuTime => process?.Cpu() ?? TimeSpan.Zero;
    public long WorkingSet => process?.Memory?.Invoke() ?? 0;

    /// <summary>Write ids are remembered: those of another run must not be met again.</summary>
    public static int NewRun() => Random.Shared.Next(1_000, 200_000) * 10_000;

    public async Task<IWriter> ConnectWriter(int index) => await SocketWriter.Connect(address, new OrleansSyncDialect(run + index));

    public async Task<Subscriber> ConnectSubscriber(int index)
    {
        var (socket, dialect) = await Dial(index);
        await dialect.Follow(socket, records);
        return new(socket, dialect.Delivery);
    }

    public async Task<Line> Dial(int index)
    {
        var dialect = new OrleansSyncDialect(run + index);
        var socket = await RawSocket.Connect(address, dialect.Path);
        await dialect.Greet(socket);
        return new(socket, dialect);
    }

    public async Task<IEditor> ConnectEditor(int index) => await OrleansSyncEditor.Connect(address, run + index);
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
