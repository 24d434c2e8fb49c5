using System.Buffers;

namespace OrleansSync.Load.Peers;

/// <summary>
/// How a server is spoken to over a WebSocket by those who write or follow much: frames are put together from bytes, and what comes back is
/// searched for texts that occur once in each, never parsed. One for each connection.
/// </summary>
internal abstract class Dialect
{
    /// <summary>Of the WebSocket, with its query.</summary>
    public abstract string Path { get; }

    public virtual bool Binary => false;

    /// <summary>In each answer to a write once, and in nothing else that a writer is sent.</summary>
    public abstract byte[] Answer { get; }

    /// <summary>One of them once in each answer that says no.</summary>
    public virtual IReadOnlyList<byte[]> Refusals => [];

    /// <summary>Once in each change that a subscriber is sent, and in nothing else.</summary>
    public abstract byte[] Delivery { get; }

    /// <summary>From the upgrade to where writes are taken.</summary>
    public virtual Task Greet(RawSocket socket) => Task.CompletedTask;

    /// <summary>From there to being told of every change of the records.</summary>
    public abstract Task Follow(RawSocket socket, int records);

    /// <summary>What one that has all of the records as they are now keeps, to come back with after having been away; null = it cannot be told what it missed.</summary>
    public virtual Task<string?> Place(RawSocket socket, int records) => Task.FromResult<string?>(null);

    /// <summary>
    /// Instead of <see cref="Follow"/>: asks for what came since that place, or for all of it again where the server does not know, and for what comes from now on. What
    /// comes is not read here.
    /// </summary>
    public virtual Task ComeBack(RawSocket socket, int records, string place) => throw new NotSupportedException();

    /// <summary>The message of a write, without its frame.</summary>
    /// <param name="number">Of the connection's writes, from 1.</param>
    public abstract void Write(IBufferWriter<byte> to, int number, Write write);
}
