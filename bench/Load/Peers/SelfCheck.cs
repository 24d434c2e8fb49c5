using System.Diagnostics;
using System.Text;
using HdrHistogram;

namespace OrleansSync.Load.Peers;

/// <summary>
/// <c>peers</c>: shows that every server starts, is spoken to rightly and delivers, and what becomes of concurrent edits with it. No speed is
/// measured.
/// </summary>
internal static class SelfCheck
{
    private const int Records = 10;
    private const int Writes = 100;
    private const int Editors = 4;
    private const int Edits = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<int> Run(IReadOnlyList<IContender> contenders)
    {
        Console.WriteLine($"{"",-27}{"version",-12}{"answered is",-12}{"concurrent",-12}{"resumes",-9}{"delivered",11}{"flood",7}  lost of {Editors * Edits}: increments, read-modify-writes (sent)");
        var failed = 0;
        foreach (var contender in contenders)
        {
            Console.Write($"{contender.Name,-27}{contender.Version,-12}{contender.Traits.Kept,-12}{contender.Traits.Concurrent,-12}{(contender.Traits.Resumes ? "yes" : "no"),-9}");
            try
            {
                await using var server = await contender.Start(Records).WaitAsync(TimeSpan.FromMinutes(3));
                await Deliveries(server, contender.Traits);
                await Flood(server);
                await Hot(server);
                Console.WriteLine($"   {server.CpuTime.TotalSeconds:0.0} s CPU, {server.WorkingSet / (1 << 20)} MB");
            }
            catch (Exception broken)
            {
                failed++;
                Console.WriteLine($"  FAILED: {broken.Message}");
            }
        }

        return failed == 0 ? 0 : 1;
    }

    /// <summary>Writes on ten records, ten under way, that three subscribers must have, with the moment in them that each was sent.</summary>
    private static async Task Deliveries(ILiveServer server, Traits traits)
    {
        var arrivals = Arrivals.Histogram();
        var subscribers = new List<Subscriber>();
        for (var i = 0; i < 3; i++)
        {
            var subscriber = await server.ConnectSubscriber(i).WaitAsync(Patience);
            subscriber.Arrived = bytes => Arrivals.Record(bytes.Span, arrivals);
            subscribers.Add(subscriber);
            _ = subscriber.Run();
        }

        using var writer = await server.ConnectWriter(0).WaitAsync(Patience);
        for (var number = 0; number < Writes; number += Records)
            await Task.WhenAll(Enumerable.Range(number, Records).Select(i => writer.Write(new(i % Records, Data(i))))).WaitAsync(Patience);

        var expected = 3 * Writes;
        var clock = Stopwatch.StartNew();
        while (subscribers.Sum(subscriber => subscriber.Deliveries) < expected && clock.Elapsed < (traits.EveryWrite ? Patience : TimeSpan.FromSeconds(2))) await Task.Delay(20);
        await Task.Delay(200);
        var delivered = subscribers.Sum(subscriber => subscriber.Deliveries);
        subscribers.ForEach(subscriber => subscriber.Dispose());
        Console.Write($"{delivered,7}/{expected}");
        if (traits.EveryWrite ? delivered != expected : delivered < 3 * Records || delivered > expected) throw new InvalidOperationException("Deliveries are missing, or counted twice.");
        if (arrivals.TotalCount < delivered / 2) throw new InvalidOperationException($"Of the deliveries {arrivals.TotalCount} had the moment in them.");
        if (writer.Answered != Writes || writer.Refused != 0) throw new InvalidOperationException($"{writer.Answered} answers, {writer.Refused} of them no, to {Writes} writes.");
    }

    /// <summary>Two writers with eight writes under way each, until they have sent some hundreds.</summary>
    private static async Task Flood(ILiveServer server)
    {
        using var stop = new CancellationTokenSource();
        var writers = await Task.WhenAll(server.ConnectWriter(1), server.ConnectWriter(2)).WaitAsync(Patience);
        var running = Task.WhenAll(writers.Select(writer => writer.Run(8, number =>
        {
            if (number == 5 * Writes) stop.Cancel();
            return new(number % Records, Data(number));
        }, stop.Token)));
        await Task.WhenAny(running, Task.Delay(Patience));
        var answered = writers.Sum(writer => writer.Answered);
        if (!running.IsCompleted) throw new TimeoutException($"Writers were still at it, with {answered} answers, {writers.Sum(writer => writer.Refused)} of them no.");
        await running;
        foreach (var writer in writers) writer.Dispose();
        Console.Write($"{answered,7}");
        if (answered < 5 * Writes) throw new InvalidOperationException("Answers are missing.");
    }

    private static async Task Hot(ILiveServer server)
    {
        var editors = new List<IEditor>();
        for (var i = 0; i < Editors; i++) editors.Add(await server.ConnectEditor(i).WaitAsync(Patience));
        var (lost, sent) = await Lost(editors, editor => editor.Increment());
        Console.Write($"{lost,10} ({sent})");
        (lost, sent) = await Lost(editors, editor => editor.ReadModifyWrite());
        Console.Write($",{lost,4} ({sent})");
        editors.ForEach(editor => editor.Dispose());
    }

    private static async Task<(long Lost, int Sent)> Lost(List<IEditor> editors, Func<IEditor, Task<int>> edit)
    {
        var before = await editors[0].Read();
        var sent = await Task.WhenAll(editors.Select(async editor =>
        {
            var times = 0;
            for (var i = 0; i < Edits; i++) times += await edit(editor);
            return times;
        })).WaitAsync(Patience);
        return (Editors * Edits - (await editors[0].Read() - before), sent.Sum());
    }

    private static byte[] Data(int number) => Encoding.UTF8.GetBytes($"{{\"sent\":{Stopwatch.GetTimestamp()},{Payload.Data(0, number).AsSpan(1)}");
}
