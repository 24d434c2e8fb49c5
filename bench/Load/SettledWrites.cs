using System.Diagnostics;
using System.Text;
using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>
/// Writers that each have a record of their own and one write under way: the next goes out when it was answered and all subscribers have it. A
/// subscriber has a write when it was sent its number, or a greater one of the same record: a server may leave out what was replaced.
/// </summary>
internal sealed class SettledWrites(IReadOnlyList<IWriter> writers, IReadOnlyList<Subscriber> subscribers)
{
    private static readonly byte[] Mark = "\"nth\":"u8.ToArray();

    private readonly Turn[] _turns = [.. writers.Select(_ => new Turn())];
    private Follower[] _followers = [];

    /// <summary>What is written, by writer and number, as a JSON object with a member.</summary>
    public Func<int, long, string> Content { get; init; } = Payload.Data;

    /// <summary>Writes that subscribers have, summed over them.</summary>
    public long Had => _followers.Sum(follower => follower.Had);

    /// <summary>Writes that are still the same as at that moment, by <see cref="Stopwatch"/>.</summary>
    public int UnderWaySince(long moment) => _turns.Count(turn => turn.Began < moment);

    /// <summary>Runs until it is stopped; what is under way then is left.</summary>
    public async Task Run(Meter meter, CancellationToken stop)
    {
        _followers = [.. subscribers.Select(subscriber => new Follower(subscriber, _turns))];
        try
        {
            await Task.WhenAll(writers.Select((_, index) => Write(index, meter, stop)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    private async Task Write(int index, Meter meter, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            var all = _turns[index].Begin(subscribers.Count);
            await Task.WhenAll(writers[index].Write(new(index, Data(index, number))), all).WaitAsync(stop);
            if (meter.Open is { } histogram) Arrivals.Record(histogram, _turns[index].Began, Stopwatch.GetTimestamp());
        }
    }

    // Writer and number in one, so that a subscriber finds both with one search.
    private byte[] Data(int index, long number) =>
        Encoding.UTF8.GetBytes($$"""{"nth":{{number * writers.Count + index}},{{Content(index, number)[1..]}}""");

    /// <summary>A write that is under way, and how many do not have it.</summary>
    private sealed class Turn
    {
        private TaskCompletionSource _all = new();
        private int _missing;

        public long Began { get; private set; }

        public Task Begin(int subscribers)
        {
            Began = Stopwatch.GetTimestamp();
            _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _missing, subscribers);
            return _all.Task;
        }

        public void Arrived()
        {
            if (Interlocked.Decrement(ref _missing) == 0) _all.SetResult();
        }
    }

    /// <summary>What one subscriber has of each record.</summary>
    private sealed class Follower
    {
        private readonly Turn[] _turns;
        private readonly long[] _has;

        public Follower(Subscriber subscriber, Turn[] turns)
        {
            (_turns, _has) = (turns, new long[turns.Length]);
            var numbers = new NumberScanner(Mark, Found);
            subscriber.Arrived = bytes => numbers.Scan(bytes.Span);
            _ = subscriber.Run();
        }

        public long Had { get; private set; }

        private void Found(long nth)
        {
            var (number, index) = Math.DivRem(nth, _turns.Length);
            if (number <= _has[index]) return;
            Had += number - _has[index];
            _has[index] = number;
            _turns[index].Arrived();
        }
    }
}
