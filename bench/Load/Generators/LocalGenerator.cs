using System.Text;
using HdrHistogram;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Generators;

/// <summary>Makes its share in this process.</summary>
internal sealed class LocalGenerator : IGenerator
{
    private readonly Share _share;
    private readonly List<IWriter> _writers = [];
    private readonly IReadOnlyList<Subscriber> _subscribers;
    private readonly CancellationTokenSource _stop = new();
    private Task _writing = Task.CompletedTask;

    private LocalGenerator(Share share, IReadOnlyList<Subscriber> subscribers) => (_share, _subscribers) = (share, subscribers);

    public long Answered => _writers.Sum(writer => writer.Answered);
    public long Refused => _writers.Sum(writer => writer.Refused);
    public long Deliveries => _subscribers.Sum(subscriber => subscriber.Deliveries);

    public static async Task<LocalGenerator> Connect(Share share, ILiveServer server, CancellationToken cancelled) =>
        await Connect(share, server.ConnectWriter, await Crowd.Gather(server, share.Subscribers, cancelled, share.FirstSubscriber));

    /// <param name="connect">A writer, by its index.</param>
    public static async Task<LocalGenerator> Connect(Share share, Func<int, Task<IWriter>> connect, params IReadOnlyList<Subscriber> subscribers)
    {
        var generator = new LocalGenerator(share, subscribers);
        for (var i = 0; i < share.Writers; i++) generator._writers.Add(await connect(share.FirstWriter + i));
        return generator;
    }

    public Task Begin()
    {
        foreach (var subscriber in _subscribers) _ = subscriber.Run();
        _writing = Task.WhenAll(_writers.Select((writer, i) => writer.Run(_share.InFlight, Next(_share.FirstWriter + i), _stop.Token)));
        return Task.CompletedTask;
    }

    public Task Note(HistogramBase times)
    {
        _writers.ForEach(writer => writer.AnswerTimes = times);
        return Task.CompletedTask;
    }

    public Task Still()
    {
        _writers.ForEach(writer => writer.AnswerTimes = null);
        return Task.CompletedTask;
    }

    public async Task Stop(bool wait)
    {
        await _stop.CancelAsync();
        if (wait) await _writing;
    }

    /// <summary>The writes of one connection: whole to-dos, to random records.</summary>
    private Func<int, Write> Next(int index)
    {
        var random = new Options { Seed = _share.Seed }.Random(index);
        return number => new(random.Next(_share.Records), Encoding.UTF8.GetBytes(Payload.Data(index, number)));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var subscriber in _subscribers) subscriber.Dispose();
        _writers.ForEach(writer => writer.Dispose());
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }
}
