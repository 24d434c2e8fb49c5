using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>The subscribers of a fan-out and who writes to them, all in this process.</summary>
internal sealed class Audience : IDisposable
{
    private readonly List<Subscriber> _subscribers;
    private readonly List<IWriter> _writers = [];

    private Audience(List<Subscriber> subscribers) => _subscribers = subscribers;

    public IReadOnlyList<Subscriber> Subscribers => _subscribers;
    public IReadOnlyList<IWriter> Writers => _writers;

    public static async Task<Audience> Gather(ILiveServer server, int writers, int subscribers, CancellationToken cancelled)
    {
        var audience = new Audience(await Crowd.Gather(server, subscribers, cancelled));
        for (var i = 0; i < writers; i++) audience._writers.Add(await server.ConnectWriter(i));
        return audience;
    }

    /// <summary>Answers may be behind seconds of deliveries: they are not waited for.</summary>
    public void Dispose()
    {
        _subscribers.ForEach(subscriber => subscriber.Dispose());
        _writers.ForEach(writer => writer.Dispose());
    }
}
