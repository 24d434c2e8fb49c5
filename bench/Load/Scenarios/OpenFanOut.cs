using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>As fast as answers come, whatever became of the deliveries.</summary>
internal sealed class OpenFanOut : FanOutMode
{
    private const int InFlight = 8;

    public override string Name(Options options) => "open window";

    public override async Task<Measurement> Measure(LoadRun run, Measurement blank, ILiveServer server, Audience audience, Options options)
    {
        var (subscribers, writers) = (audience.Subscribers, audience.Writers);
        var meter = new Meter(blank, run) { Count = () => subscribers.Sum(subscriber => subscriber.Deliveries), Watched = LoadRun.Cost(server) };
        foreach (var subscriber in subscribers) _ = subscriber.Run();
        using var stop = new CancellationTokenSource();
        _ = Task.WhenAll(writers.Select((writer, index) => writer.Run(InFlight, number => Next(index, number, options), stop.Token)));
        await meter.WarmUp(options.WarmUp);
        var before = writers.Sum(writer => writer.Answered);
        await meter.Measure(options.Time);
        var written = writers.Sum(writer => writer.Answered) - before;
        await stop.CancelAsync();
        var found = meter.Result();
        return found with { Figures = [new("writes a second meanwhile", written / found.Seconds, "", Better.Higher)] };
    }

    private Write Next(int writer, int number, Options options) =>
        new((number * Writers + writer) % options.Records, Encoding.UTF8.GetBytes(Payload.Data(writer, number)));
}
