using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Peers;

/// <summary>A peer that runs: its processes, the ports that its clients are spread over, and how it is spoken to.</summary>
internal sealed class LivePeer(IReadOnlyList<PeerProcess> processes, IReadOnlyList<int> ports, int records) : ILiveServer
{
    /// <summary>By the index of the connection.</summary>
    public required Func<int, Dialect> Dialect { get; init; }

    /// <summary>By the index of the connection, where subscribers speak otherwise than writers.</summary>
    public Func<int, Dialect>? Follower { get; init; }

    /// <summary>By port and index.</summary>
    public required Func<int, int, Task<IEditor>> Edit { get; init; }

    /// <summary>By port; null = writers speak the dialect.</summary>
    public Func<int, IWriter>? Writer { get; init; }

    /// <summary>What stands behind its processes, and costs too.</summary>
    public Watched? Behind { get; init; }

    /// <summary>Where it listens, if it is <see cref="BroadcastPeer"/>: generators in other processes can speak to that one too.</summary>
    public int? BareTransport { get; init; }

    /// <summary>Taken away when its processes have ended.</summary>
    public Func<ValueTask>? Remove { get; init; }

    /// <summary>Itself when that is done; ended if it fails.</summary>
    public async Task<LivePeer> After(Func<Task> preparation)
    {
        try
        {
            await preparation();
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public TimeSpan CpuTime => processes.Aggregate(Behind?.Cpu() ?? TimeSpan.Zero, (sum, process) => sum + process.CpuTime);
    public long WorkingSet => processes.Sum(process => process.WorkingSet) + (Behind?.Memory?.Invoke() ?? 0);

    public async Task<IWriter> ConnectWriter(int index) =>
        Writer is { } writer ? writer(Port(index)) : await SocketWriter.Connect(Port(index), Dialect(index));

    public async Task<Subscriber> ConnectSubscriber(int index)
    {
        var (socket, dialect) = await Dial(index);
        await dialect.Follow(socket, records);
        return new(socket, dialect.Delivery);
    }

    public async Task<Line> Dial(int index)
    {
        var dialect = (Follower ?? Dialect)(index);
        var socket = await RawSocket.Connect(Port(index), dialect.Path);
        await dialect.Greet(socket);
        return new(socket, dialect);
    }

    public Task<IEditor> ConnectEditor(int index) => Edit(Port(index), index);

    private int Port(int index) => ports[index % ports.Count];

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes.Reverse()) await process.DisposeAsync();
        if (Remove is not null) await Remove();
    }
}
