namespace OrleansSync.Load.Peers;

/// <summary>A contender that runs. Ended, and its data gone, when it is disposed of.</summary>
internal interface ILiveServer : IAsyncDisposable
{
    /// <summary>Of all its processes since they started.</summary>
    TimeSpan CpuTime { get; }

    /// <summary>Resident memory of all its processes, in bytes.</summary>
    long WorkingSet { get; }

    /// <param name="index">From 0, another for each writer.</param>
    Task<IWriter> ConnectWriter(int index);

    /// <summary>Connected, and told of every change from here on; counts once <see cref="Subscriber.Run"/> was called.</summary>
    /// <param name="index">From 0, another for each subscriber.</param>
    Task<Subscriber> ConnectSubscriber(int index);

    /// <summary>Connected as a subscriber, and not yet told of anything: for one that comes back.</summary>
    /// <param name="index">From 0, another for each subscriber.</param>
    Task<Line> Dial(int index);

    /// <param name="index">From 0, another for each editor, beside the writers'.</param>
    Task<IEditor> ConnectEditor(int index);
}
