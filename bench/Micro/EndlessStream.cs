namespace OrleansSync.Micro;

/// <summary>Gives the same bytes with every read, at once.</summary>
internal sealed class EndlessStream(byte[] bytes) : MemoryStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Asked for nothing, it says that there is something.
        if (buffer.IsEmpty) return new(0);
        bytes.CopyTo(buffer);
        return new(bytes.Length);
    }
}
