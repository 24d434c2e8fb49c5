using System.Diagnostics;
using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>
/// What operations cost on a server of ours as it is at the moment: each kind alone, for the time of the options. Reads, lists and single writes wait for one
/// another, so that their medians are those of a server that is not busy; CPU is that of the server and has all in it that it does meanwhile.
/// </summary>
internal sealed class Probe(LoadRun run, Measurement what, ILiveServer server, Options options)
{
    private const int Writers = 8;
    private const int InFlight = 8;
    private const int PageSize = 100;

    private static int _connections = 1_000;

    private readonly Address _address = IAddressed.Of(server);

    public ILiveServer Server => server;
    public Address Address => _address;
    public CancellationToken Cancelled => run.Cancelled;

    /// <summary>A record, by its id.</summary>
    public async Task<IEnumerable<Figure>> Read(string collection, int records)
    {
        using var http = _address.Client();
        var random = options.Random(0);
        return Costs(await OneByOne("point read", () => http.GetByteArrayAsync($"/v1/collections/{collection}/records/r-{random.Next(records)}")), "point read");
    }

    /// <summary>Page after page of the whole collection, from the beginning again at its end.</summary>
    public async Task<IEnumerable<Figure>> List(string collection)
    {
        using var http = _address.Client();
        var after = "";
        return Costs(await OneByOne("list page", async () => after = Next(await http.GetByteArrayAsync($"/v1/collections/{collection}/records?limit={PageSize}{after}"))), "list page");
    }

    /// <summary>A put, answered when it is on disk.</summary>
    public async Task<IEnumerable<Figure>> Write(string collection, int records, Func<int, long, string> data)
    {
        using var writer = await Writer(collection);
        var random = options.Random(1);
        long number = 0;
        return Costs(await OneByOne("point write", () => writer.Write(new(random.Next(records), Encoding.UTF8.GetBytes(data(0, ++number))))), "point write");
    }

    /// <summary>Puts with 64 under way.</summary>
    public async Task<IEnumerable<Figure>> Flood(string collection, int records, Func<int, long, string> data)
    {
        var writers = await ManyWriters(collection);
        var meter = Meter("write", () => writers.Sum(writer => writer.Answered), null);
        using var stop = new CancellationTokenSource();
        var running = Task.WhenAll(writers.Select((writer, index) =>
        {
            var random = options.Random(index);
            return writer.Run(InFlight, number => new(random.Next(records), Encoding.UTF8.GetBytes(data(index, number))), stop.Token);
        }));
        await Measure(meter, stop, running);
        writers.ForEach(writer => writer.Dispose());
        return Costs(meter.Result(), "write with 64 in flight");
    }

    /// <summary>Writes that all subscribers must have, eight at a time.</summary>
    public async Task<IEnumerable<Figure>> ToAll(string collection, IReadOnlyList<Subscriber> subscribers, Func<int, long, string> data)
    {
        var writers = await ManyWriters(collection);
        var settled = new SettledWrites(writers, subscribers) { Content = data };
        var meter = Meter("delivery", () => settled.Had, "sending a write to all subscribers having it");
        using var stop = new CancellationTokenSource();
        await Measure(meter, stop, settled.Run(meter, stop.Token));
        writers.ForEach(writer => writer.Dispose());
        var found = meter.Result();
        if (found.Operations == 0) throw new InvalidOperationException("No subscriber came to have any write.");
        var delivery = found.Server?.MicrosecondsAnOperation ?? 0;
        return
        [
            .. Median(found, "write to all"),
            new("CPU of a write to all", delivery * subscribers.Count, "µs", Better.Lower),
            new("CPU of a delivery", delivery, "µs", Better.Lower),
        ];
    }

    private async Task<Measurement> OneByOne(string operation, Func<Task> once)
    {
        long done = 0;
        var meter = Meter(operation, () => Volatile.Read(ref done), $"asking for a {operation} to all of the answer");
        using var stop = new CancellationTokenSource();
        await Measure(meter, stop, Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var began = Stopwatch.GetTimestamp();
                await once();
                if (meter.Open is { } histogram) Arrivals.Record(histogram, began, Stopwatch.GetTimestamp());
                Interlocked.Increment(ref done);
            }
        }));
        return meter.Result();
    }

    private async Task Measure(Meter meter, CancellationTokenSource stop, Task running)
    {
        try
        {
            await meter.WarmUp(options.WarmUp);
            await meter.Measure(options.Time);
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private Meter Meter(string operation, Func<long> count, string? latencyOf) =>
        new(what with { Case = $"{what.Case}, {operation}", Unit = "operations" }, run) { Count = count, Watched = LoadRun.Cost(server), LatencyOf = latencyOf };

    private static IEnumerable<Figure> Costs(Measurement found, string operation) => [.. Median(found, operation), .. Cpu(found, operation)];

    private static IEnumerable<Figure> Median(Measurement found, string operation) =>
        found.Latency is { } latency ? [new($"median of a {operation}", latency.P50, "ms", Better.Lower)] : [];

    private static IEnumerable<Figure> Cpu(Measurement found, string operation) =>
        found.Server?.MicrosecondsAnOperation is { } cpu ? [new($"CPU of a {operation}", cpu, "µs", Better.Lower)] : [];

    private static string Next(ReadOnlySpan<byte> page)
    {
        var mark = "\"next\":\""u8;
        if (page.LastIndexOf(mark) is var at && at < 0) return "";
        var rest = page[(at + mark.Length)..];
        return "&after=" + Uri.EscapeDataString(Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]));
    }

    private async Task<List<IWriter>> ManyWriters(string collection)
    {
        var writers = new List<IWriter>();
        for (var i = 0; i < Writers; i++) writers.Add(await Writer(collection));
        return writers;
    }

    // Write ids are remembered: each connection has its own.
    private async Task<IWriter> Writer(string collection) => await SocketWriter.Connect(_address, new OrleansSyncDialect(Interlocked.Increment(ref _connections), collection));
}
