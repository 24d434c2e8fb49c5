namespace OrleansSync.Load.Peers;

/// <summary>The newest frames, ready to be written to any socket. Who falls behind by more than it holds goes on with the oldest that is left.</summary>
internal sealed class FrameRing(int size)
{
    private readonly byte[][] _frames = new byte[size][];
    private readonly Lock _adding = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _head;

    public long Head => Volatile.Read(ref _head);

    public void Add(byte[] frame)
    {
        TaskCompletionSource more;
        lock (_adding)
        {
            _frames[_head % size] = frame;
            Volatile.Write(ref _head, _head + 1);
            (more, _more) = (_more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        more.SetResult();
    }

    /// <summary>Done when there is something past the cursor.</summary>
    public Task Past(long cursor)
    {
        var more = Volatile.Read(ref _more);
        return Head > cursor ? Task.CompletedTask : more.Task;
    }

    /// <summary>Copies what fits of the frames past the cursor, and moves it.</summary>
    public int Copy(ref long cursor, Span<byte> to)
    {
        var head = Head;
        // A frame that is replaced meanwhile is a newer one: skipped, never torn.
        cursor = Math.Max(cursor, head - size);
        var used = 0;
        for (; cursor < head; cursor++)
        {
            var frame = _frames[cursor % size];
            if (used + frame.Length > to.Length) break;
            frame.CopyTo(to[used..]);
            used += frame.Length;
        }

        return used;
    }
}
