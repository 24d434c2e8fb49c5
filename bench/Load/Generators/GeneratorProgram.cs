using HdrHistogram;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Generators;

/// <summary>This program as a generator: does as it is told on its standard input.</summary>
internal sealed class GeneratorProgram(TextReader orders, TextWriter answers)
{
    /// <summary>How often it says how far it is: the two ends of a measurement are exact to this.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly Lock _turn = new();
    private readonly HistogramBase _times = Arrivals.Histogram();
    private LocalGenerator? _generator;

    public static Task<int> Run() => new GeneratorProgram(Console.In, Console.Out).Obey();

    private async Task<int> Obey()
    {
        using var end = new CancellationTokenSource();
        var telling = Tell(end.Token);
        try
        {
            while (await orders.ReadLineAsync() is { } line)
            {
                var order = JsonLine.Read<Order>(line);
                await Obey(order);
                Say(new() { Done = order.Do, Times = order.Do == Do.Still ? HistogramText.Write(_times) : null });
            }

            return 0;
        }
        catch (Exception failed)
        {
            Say(new() { Failed = failed.Message });
            return 1;
        }
        finally
        {
            await end.CancelAsync();
            await telling;
            if (_generator is not null) await _generator.DisposeAsync();
        }
    }

    private async Task Obey(Order order)
    {
        if (order is { Do: Do.Connect, Share: { } share })
        {
            _generator = await LocalGenerator.Connect(share, Server(order, share.Records), CancellationToken.None);
            return;
        }

        var generator = _generator ?? throw new InvalidOperationException("Not connected yet.");
        await (order.Do switch
        {
            Do.Begin => generator.Begin(),
            Do.Note => generator.Note(_times),
            Do.Still => generator.Still(),
            Do.Stop => generator.Stop(order.Wait),
            _ => throw new InvalidOperationException($"{order.Do} needs a share."),
        });
    }

    private static ILiveServer Server(Order order, int records) => order switch
    {
        { BareTransport: { } port } => BroadcastContender.At(port, records),
        { Url: { } url } => new Deployment(Address.Parse(url)!.Value with { Token = order.Token }, records, null, order.Run),
        _ => throw new InvalidOperationException($"{order.Do} needs an address."),
    };

    private async Task Tell(CancellationToken end)
    {
        using var timer = new PeriodicTimer(Pace);
        try
        {
            while (await timer.WaitForNextTickAsync(end)) Say(new());
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Say(Answer answer)
    {
        lock (_turn)
        {
            if (_generator is { } now) answer = answer with { Answered = now.Answered, Refused = now.Refused, Deliveries = now.Deliveries };
            answers.WriteLine(JsonLine.Of(answer));
            answers.Flush();
        }
    }
}
