using System.Diagnostics;
using HdrHistogram;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Generators;

/// <summary>Has its share made by a process of its own, which is this program again.</summary>
internal sealed class RemoteGenerator : IGenerator
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Task _listening;
    private TaskCompletionSource<Answer> _done = new();
    private volatile Answer _last = new();
    private HistogramBase? _times;

    private RemoteGenerator(Process process)
    {
        _process = process;
        _listening = Listen();
    }

    public long Answered => _last.Answered;
    public long Refused => _last.Refused;
    public long Deliveries => _last.Deliveries;

    /// <param name="order">To connect.</param>
    public static async Task<RemoteGenerator> Connect(Order order)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RemoteGenerator).Assembly.Location, "generator"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var generator = new RemoteGenerator(Process.Start(start)!);
        try
        {
            await generator.Tell(order);
            return generator;
        }
        catch
        {
            await generator.DisposeAsync();
            throw;
        }
    }

    public Task Begin() => Tell(new() { Do = Do.Begin });

    public Task Note(HistogramBase times)
    {
        _times = times;
        return Tell(new() { Do = Do.Note });
    }

    public async Task Still()
    {
        var answer = await Tell(new() { Do = Do.Still });
        _times!.Add(HistogramText.Read(answer.Times!));
    }

    public Task Stop(bool wait) => Tell(new() { Do = Do.Stop, Wait = wait });

    private async Task<Answer> Tell(Order order)
    {
        var done = _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_listening.IsCompleted) throw Ended();
        await _process.StandardInput.WriteLineAsync(JsonLine.Of(order));
        await _process.StandardInput.FlushAsync();
        return await done.Task.WaitAsync(Patience);
    }

    private async Task Listen()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var answer = JsonLine.Read<Answer>(line);
            if (answer.Failed is { } why) _done.TrySetException(new IOException($"A generator failed: {why}"));
            _last = answer;
            if (answer.Done is not null) _done.TrySetResult(answer);
        }

        _done.TrySetException(Ended());
    }

    private static IOException Ended() => new("A generator has ended.");

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var late = new CancellationTokenSource(Farewell);
        try
        {
            await _process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        await _listening;
        _process.Dispose();
    }
}
