using System.Buffers;
using System.Runtime.InteropServices;

namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// Everything that leaves a socket, in the order it was appended. While one write to the socket is under way, whatever is appended
/// leaves together with the next: under load many frames share one write, and nobody ever waits for the peer but those who choose to
/// (<see cref="Room"/>). When all has left it holds no buffer.
/// </summary>
internal sealed class Outbox(Stream stream)
{
    /// <summary>Who has more to send than replies waits until less than this is waiting.</summary>
    public const int RoomBytes = 64 * 1024;

    /// <summary>Frames of at least this size are shared, not copied.</summary>
    private const int SharedFrom = 8 * 1024;
    private const int FirstBuffer = 4 * 1024;
    private const int LargestBuffer = 64 * 1024;
    private const int KeptSegments = 8;

    /// <summary>Written piece by piece, so that a slow peer is told from a dead one.</summary>
    private const int LargestWrite = 64 * 1024;

    private readonly Lock _lock = new();
    private List<Segment> _waiting = [];
    private List<Segment> _leaving = [];
    private TaskCompletionSource? _moved;
    private int _pending;
    private bool _writing;
    private bool _closed;
    private bool _abandoned;

    // Seen by the shared clock tick only: how often it came since something was appended, and since the peer took something.
    private int _quietTicks;
    private int _stuckTicks;

    /// <summary>Bytes appended that have not left yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>True once nothing more can leave.</summary>
    public bool Closed => Volatile.Read(ref _closed);

    /// <summary>Appends whole frames and lets them leave. Dropped when the outbox is closed.</summary>
    public void Append(ReadOnlySpan<byte> frames)
    {
        lock (_lock)
        {
            if (_closed) return;
            Copy(frames);
            if (!Begin(frames.Length)) return;
        }
        _ = Drain();
    }

    /// <summary>
    /// Appends frames that others send too, without letting them leave yet: <see cref="Flush"/> does. Their bytes must never change.
    /// </summary>
    public void Add(ReadOnlyMemory<byte> shared) => Add(default, shared);

    /// <summary>The same after a beginning of the frame that is this socket's own, with nothing between.</summary>
    public void Add(ReadOnlySpan<byte> head, ReadOnlyMemory<byte> shared)
    {
        lock (_lock)
        {
            if (_closed) return;
            Copy(head);
            if (shared.Length < SharedFrom) Copy(shared.Span);
            else _waiting.Add(new(null, shared, shared.Length));
            _pending += head.Length + shared.Length;
        }
    }

    /// <summary>Lets everything leave that was added.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_closed || _waiting.Count == 0 || !Begin(0)) return;
        }
        _ = Drain();
    }

    /// <summary>Appends the last frames there will be: what is appended after them is dropped.</summary>
    public void AppendLast(ReadOnlySpan<byte> frames)
    {
        lock (_lock)
        {
            if (_closed) return;
            Copy(frames);
            _closed = true;
            if (!Begin(frames.Length)) return;
        }
        _ = Drain();
    }

    /// <summary>Waits until there is room for more than replies. False = nothing more can leave.</summary>
    public ValueTask<bool> Room() => Pending < RoomBytes || Closed ? new(!Closed) : Below(RoomBytes);

    /// <summary>Waits until everything has left, or cannot.</summary>
    public async Task Drained() => await Below(1);

    /// <summary>Gives up: drops what waits and wakes who waits for room.</summary>
    public void Abandon()
    {
        lock (_lock)
        {
            _closed = _abandoned = true;
            // What is being written is dropped by its writer.
            Drop(_waiting);
        }
        Wake();
    }

    /// <summary>
    /// One tick of the shared clock. Says for how many ticks nothing was appended, and for how many the peer has taken nothing
    /// though there was something to take.
    /// </summary>
    public (int Quiet, int Stuck) Tick() =>
        (Interlocked.Increment(ref _quietTicks), Volatile.Read(ref _writing) ? Interlocked.Increment(ref _stuckTicks) : 0);

    /// <summary>True when the caller must start draining.</summary>
    private bool Begin(int appended)
    {
        _pending += appended;
        _quietTicks = 0;
        if (_writing) return false;
        _stuckTicks = 0;
        return _writing = true;
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var segments = CollectionsMarshal.AsSpan(_waiting);
            if (segments is [.., { Rented: not null } last] && last.Rented.Length > last.Length)
            {
                var count = Math.Min(last.Rented.Length - last.Length, bytes.Length);
                bytes[..count].CopyTo(last.Rented.AsSpan(last.Length));
                segments[^1] = last with { Length = last.Length + count };
                bytes = bytes[count..];
            }
            else
            {
                var size = Math.Clamp(bytes.Length, segments.Length == 0 ? FirstBuffer : LargestBuffer, LargestBuffer);
                _waiting.Add(new(ArrayPool<byte>.Shared.Rent(size), default, 0));
            }
        }
    }

    private async Task Drain()
    {
        try
        {
            while (Take())
            {
                for (var i = 0; i < _leaving.Count; i++)
                {
                    var bytes = _leaving[i].Bytes;
                    for (var at = 0; at < bytes.Length; at += LargestWrite)
                    {
                        var piece = bytes.Slice(at, Math.Min(LargestWrite, bytes.Length - at));
                        await stream.WriteAsync(piece);
                        Left(piece.Length);
                    }
                }
                Drop(_leaving);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            lock (_lock)
            {
                Drop(_leaving);
                Drop(_waiting);
                _closed = _abandoned = true;
                _writing = false;
            }
            Wake();
        }
    }

    private bool Take()
    {
        lock (_lock)
        {
            (_waiting, _leaving) = (_leaving, _waiting);
            return _writing = _leaving.Count > 0;
        }
    }

    private void Left(int count)
    {
        TaskCompletionSource? moved = null;
        lock (_lock)
        {
            _pending -= count;
            _stuckTicks = 0;
            if (_moved is not null && (_pending == 0 || _pending < RoomBytes / 2))
            {
                moved = _moved;
                _moved = null;
            }
        }
        moved?.SetResult();
    }

    private async ValueTask<bool> Below(int bytes)
    {
        while (true)
        {
            Task moved;
            lock (_lock)
            {
                if (_abandoned || _pending < bytes) return !_closed;
                moved = (_moved ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
            await moved;
        }
    }

    private void Wake()
    {
        TaskCompletionSource? moved;
        lock (_lock)
        {
            moved = _moved;
            _moved = null;
        }
        moved?.SetResult();
    }

    private static void Drop(List<Segment> segments)
    {
        foreach (var segment in segments)
            if (segment.Rented is not null) ArrayPool<byte>.Shared.Return(segment.Rented);
        segments.Clear();
        if (segments.Capacity > KeptSegments) segments.Capacity = 0;
    }

    /// <summary>A run of bytes: of a rented buffer, or of a frame that others share.</summary>
    private readonly record struct Segment(byte[]? Rented, ReadOnlyMemory<byte> Shared, int Length)
    {
        public ReadOnlyMemory<byte> Bytes => Rented is null ? Shared : Rented.AsMemory(0, Length);
    }
}
