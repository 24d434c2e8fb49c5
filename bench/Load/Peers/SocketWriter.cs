using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using HdrHistogram;

namespace OrleansSync.Load.Peers;

/// <summary>
/// A writer on a raw WebSocket. Answers are counted as they come, the oldest write first: where a server answers in another order, single
/// times are another write's, and their sum is right.
/// </summary>
internal sealed class SocketWriter : IWriter
{
    private readonly RawSocket _socket;
    private readonly Dialect _dialect;
    private readonly TextCounter _answers;
    private readonly TextCounter[] _refusals;
    private readonly Queue<Open> _open = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly ArrayBufferWriter<byte> _message = new();
    private readonly ArrayBufferWriter<byte> _frames = new();
    private volatile Flood? _flood;
    private int _sent;

    private SocketWriter(RawSocket socket, Dialect dialect)
    {
        (_socket, _dialect, _answers) = (socket, dialect, new(dialect.Answer));
        _refusals = [.. dialect.Refusals.Select(text => new TextCounter(text))];
    }

    public long Answered { get; private set; }
    public long Refused { get; private set; }
    public HistogramBase? AnswerTimes { get; set; }

    public static async Task<SocketWriter> Connect(Address address, Dialect dialect)
    {
        var socket = await RawSocket.Connect(address, dialect.Path);
        await dialect.Greet(socket);
        var writer = new SocketWriter(socket, dialect);
        _ = writer.Listen();
        return writer;
    }

    public async Task Write(Write write)
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await Send(1, _ => write, answered);
        await answered.Task;
    }

    public async Task Run(int inFlight, Func<int, Write> next, CancellationToken stop)
    {
        var flood = new Flood(next, stop, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _flood = flood;
        await Send(inFlight, next, null);
        await flood.Over.Task;
        _flood = null;
    }

    private async Task Send(int count, Func<int, Write> next, TaskCompletionSource? answered)
    {
        await _turn.WaitAsync();
        try
        {
            _frames.ResetWrittenCount();
            for (var i = 0; i < count; i++)
            {
                var number = ++_sent;
                _message.ResetWrittenCount();
                _dialect.Write(_message, number, next(number));
                Frames.Write(_frames, _message.WrittenSpan, _dialect.Binary);
                lock (_open) _open.Enqueue(new(Stopwatch.GetTimestamp(), answered));
            }

            await _socket.Send(_frames.WrittenMemory);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task Listen()
    {
        var buffer = new byte[256 * 1024];
        try
        {
            while (await _socket.Receive(buffer) is > 0 and var read)
            {
                foreach (var refusals in _refusals) Refused += refusals.Count(buffer.AsSpan(0, read));
                var answers = _answers.Count(buffer.AsSpan(0, read));
                if (answers == 0) continue;
                var left = Settle(answers);
                if (_flood is not { } flood) continue;
                if (!flood.Stop.IsCancellationRequested) await Send(answers, flood.Next, null);
                else if (left == 0) flood.Over.TrySetResult();
            }

            Fail(new IOException("The server closed the connection of a writer."));
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            Fail(broken);
        }
    }

    private int Settle(int answers)
    {
        var (now, times) = (Stopwatch.GetTimestamp(), AnswerTimes);
        lock (_open)
        {
            for (var i = 0; i < answers; i++)
            {
                if (!_open.TryDequeue(out var open)) throw new InvalidOperationException("The server gave more answers than there were writes.");
                times?.RecordValue(Math.Max(1, (long)Stopwatch.GetElapsedTime(open.Sent, now).TotalMicroseconds));
                open.Answered?.TrySetResult();
            }

            Answered += answers;
            return _open.Count;
        }
    }

    private void Fail(Exception why)
    {
        lock (_open)
        {
            while (_open.TryDequeue(out var open)) open.Answered?.TrySetException(why);
        }

        _flood?.Over.TrySetException(why);
    }

    public void Dispose() => _socket.Dispose();

    private readonly record struct Open(long Sent, TaskCompletionSource? Answered);

    private sealed record Flood(Func<int, Write> Next, CancellationToken Stop, TaskCompletionSource Over);
}
