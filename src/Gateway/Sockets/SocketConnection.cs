using OrleansSync.Gateway.Access;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// One WebSocket from its upgrade to its end: reads messages, hands them on, and knows when it is over. Requests are started in the order
/// they come and answered in whatever order they are done.
/// </summary>
internal sealed class SocketConnection : IDisposable
{
    /// <summary>Writes that may be unanswered before no more is read.</summary>
    private const int MaxInFlight = 1024;

    // In ticks of the shared clock, which is a second.
    private const int HelloTicks = 10;
    private const int QuietTicks = 15;
    private const int StuckTicks = 45;
    private const int ClosingTicks = 5;
    private const int DeafTicks = 2;
    private const int ForgetTicks = 30;

    private readonly Stream _stream;
    private readonly FrameReader _reader;
    private readonly Action _abort;
    private readonly CancellationTokenSource _gone = new();
    private readonly SocketRequests _requests;
    private readonly Lock _lock = new();

    private int _ticks;
    private int _closingTicks;
    private volatile bool _closing;
    private volatile bool _deaf;
    private bool _ended;

    /// <param name="abort">Cuts the connection below the stream.</param>
    public SocketConnection(Stream stream, SocketDoors doors, Caller caller, Action abort)
    {
        _stream = stream;
        _abort = abort;
        _reader = new(stream, doors.Settings.Limits.FrameBytes);
        Outbox = new(stream);
        InFlight = new(MaxInFlight);
        _requests = new(this, doors, caller, _gone.Token);
    }

    public Outbox Outbox { get; }
    public InFlight InFlight { get; }

    /// <summary>Reads until the peer or the server ends it. Never throws.</summary>
    public async Task Run()
    {
        try
        {
            while (await (_deaf ? _reader.Skip(_gone.Token) : _reader.Fill(_gone.Token)))
            {
                while (!_deaf && _reader.TryRead(out var payload) is var heard and not Heard.Nothing)
                {
                    if (heard == Heard.Close)
                    {
                        Answer(payload.Span);
                        await Outbox.Drained();
                        return;
                    }
                    var taken = Take(heard, payload);
                    if (!taken.IsCompletedSuccessfully) await taken;
                }
            }
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // The peer has gone without a word.
        }
        finally
        {
            lock (_lock) _ended = true;
            _gone.Cancel();
            Outbox.Abandon();
            _reader.Dispose();
        }
    }

    /// <summary>Says why, closes, and waits a little for the peer to do the same.</summary>
    public void Close(CloseCode code, string reason, Problem? problem = null)
    {
        if (_closing) return;
        _closing = true;
        if (problem is not null) Outbox.Problem(default, problem);
        Outbox.AppendLast(CloseFrame.Of(code, reason));
    }

    /// <summary>The server stops: answers what is under way, takes nothing more, and tells the peer to come back.</summary>
    public async Task Restart(TimeSpan patience)
    {
        _requests.Stopped = true;
        try
        {
            await InFlight.None().WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            // Resent with its write id it gets its answer elsewhere.
        }
        Close(CloseCode.Restarting, "restarting");
    }

    /// <summary>One tick of the shared clock.</summary>
    public void Tick(DateTimeOffset now, ReadOnlySpan<byte> heartbeat)
    {
        if (++_ticks % ForgetTicks == 0) _requests.Forget();
        var (quiet, stuck) = Outbox.Tick();
        if (_closing)
        {
            if (++_closingTicks > (_deaf ? DeafTicks : ClosingTicks)) Cut();
        }
        else if (stuck >= StuckTicks)
        {
            Cut();
        }
        else if (!_requests.Greeted)
        {
            if (_ticks > HelloTicks) Close(CloseCode.NoHello, "no hello within 10 s");
        }
        else if (_requests.Expires <= now)
        {
            Close(CloseCode.Unauthorized, "token expired", new(Codes.Unauthorized, "The token has expired: connect again with a new one."));
        }
        else if (quiet >= QuietTicks)
        {
            Outbox.Append(heartbeat);
        }
    }

    public void Dispose()
    {
        _gone.Dispose();
        _stream.Dispose();
    }

    /// <summary>Not after the end: what carried this connection may carry another one by then.</summary>
    private void Cut()
    {
        lock (_lock)
        {
            if (!_ended) _abort();
        }
    }

    /// <summary>What must be done before the next message is taken.</summary>
    private ValueTask Take(Heard heard, ReadOnlyMemory<byte> payload)
    {
        if (_closing) return ValueTask.CompletedTask;
        switch (heard)
        {
            case Heard.Text:
                return _requests.Take(payload);
            case Heard.Ping:
                return Pong(payload.Span);
            case Heard.Binary:
                Close(CloseCode.Malformed, "binary", new(Codes.Malformed, "Only text frames are understood."));
                break;
            case Heard.TooLarge:
                _deaf = true;
                Close(CloseCode.TooLarge, "too large", new(Codes.TooLarge, "A message is over the limit of welcome.limits.frameBytes: send less at once."));
                break;
            case Heard.Garbage:
                _deaf = true;
                Close(CloseCode.ProtocolError, "not WebSocket");
                break;
        }
        return ValueTask.CompletedTask;
    }

    private ValueTask Pong(ReadOnlySpan<byte> payload)
    {
        Span<byte> frame = stackalloc byte[Frame.MaxHeader + Frame.MaxControl];
        var header = Frame.WriteHeader(frame, Opcode.Pong, payload.Length);
        payload.CopyTo(frame[header..]);
        Outbox.Append(frame[..(header + payload.Length)]);
        return Ready();
    }

    /// <summary>Waits while too much is unanswered, or too many answers have not been fetched.</summary>
    public async ValueTask Ready()
    {
        await InFlight.Room();
        await Outbox.Room();
    }

    /// <summary>Answers the peer's close with its own code.</summary>
    private void Answer(ReadOnlySpan<byte> payload)
    {
        if (_closing) return;
        _closing = true;
        Outbox.AppendLast(CloseFrame.Answering(payload));
    }
}
