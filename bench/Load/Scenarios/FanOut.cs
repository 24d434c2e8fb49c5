using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>Deliveries a second to many subscribers of one feed while writers write as fast as they are answered.</summary>
internal sealed class FanOut : IScenario
{
    // A SignalR hub takes one call of a connection at a time: with eight connections it has eight sends in flight.
    private const int Writers = 8;
    private const int InFlight = 8;
    private const int JoinedAtOnce = 50;

    public string Name => "fan-out";
    public string Description => "deliveries a second to many subscribers of one feed, beside a SignalR group of as many";
    public IReadOnlyList<Setting> Settings { get; } = [.. Setting.Usual, Setting.Records, Setting.Subscribers];

    public async Task Run(LoadRun run, Options options)
    {
        double? ours = null;
        foreach (var contender in new[] { options.Ours }.Concat(options.Beside("SignalR")))
        {
            if (await run.With(contender, options.Records, server => Measure(run, contender, server, options)) is not { } found) continue;
            ours ??= found.PerSecond;
            var what = LoadRun.IsOurs(contender) ? "WebSocket feed" : contender.Name == "SignalR" ? "SignalR group" : contender.Name;
            run.Line($"fan-out to {options.Subscribers}, {what,-21}  {found.PerSecond,12:N0} deliveries/s{(LoadRun.IsOurs(contender) ? "" : $"   ratio {ours / found.PerSecond:0.00}")}");
        }
    }

    private async Task<Measurement> Measure(LoadRun run, IContender contender, ILiveServer server, Options options)
    {
        var subscribers = await Gather(server, options.Subscribers);
        var writers = new List<IWriter>();
        for (var i = 0; i < Writers; i++) writers.Add(await server.ConnectWriter(i));
        var meter = new Meter(LoadRun.Blank(this, $"{options.Subscribers:N0} subscribers", contender, options, "deliveries"), run)
        {
            Count = () => subscribers.Sum(subscriber => subscriber.Deliveries),
            Watched = LoadRun.Cost(server),
        };
        foreach (var subscriber in subscribers) _ = subscriber.Run();
        using var stop = new CancellationTokenSource();
        _ = Task.WhenAll(writers.Select((writer, index) => writer.Run(InFlight, number => Next(index, number, options), stop.Token)));
        await meter.WarmUp(options.WarmUp);
        var before = writers.Sum(writer => writer.Answered);
        await meter.Measure(options.Time);
        var written = writers.Sum(writer => writer.Answered) - before;
        // Answers may be behind seconds of deliveries: ended without waiting for them.
        await stop.CancelAsync();
        subscribers.ForEach(subscriber => subscriber.Dispose());
        writers.ForEach(writer => writer.Dispose());
        var found = meter.Result();
        return found with { Figures = [new("writes a second meanwhile", written / found.Seconds, "", Better.Higher)] };
    }

    private static async Task<List<Subscriber>> Gather(ILiveServer server, int count)
    {
        var subscribers = new List<Subscriber>(count);
        while (subscribers.Count < count)
        {
            subscribers.AddRange(await Task.WhenAll(
                Enumerable.Range(subscribers.Count, Math.Min(JoinedAtOnce, count - subscribers.Count)).Select(server.ConnectSubscriber)));
        }

        return subscribers;
    }

    private static Write Next(int writer, int number, Options options) =>
        new((number * Writers + writer) % options.Records, Encoding.UTF8.GetBytes(Payload.Data(writer, number)));
}
