using System.Buffers;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>A request's body, whole, in pooled bytes: valid until it is disposed.</summary>
internal readonly struct RequestBody(byte[] rented, int length) : IDisposable
{
    private const int FirstSize = 4096;
    private const int DiscardSize = 64 * 1024;
    private const long MaxDiscarded = 64 * 1024 * 1024;

    public ReadOnlyMemory<byte> Bytes => rented.AsMemory(0, length);

    /// <summary>Reads it; throws <see cref="RefusedException"/> (too-large) past the limit.</summary>
    public static async ValueTask<RequestBody> Read(HttpContext http, int limit)
    {
        if (http.Request.ContentLength > limit)
        {
            await Discard(http, http.Request.ContentLength.Value);
            throw TooLarge(limit);
        }
        var bytes = ArrayPool<byte>.Shared.Rent((int)(http.Request.ContentLength ?? FirstSize) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await http.Request.Body.ReadAsync(bytes.AsMemory(length), http.RequestAborted);
                if (read == 0) return new(bytes, length);
                length += read;
                if (length > limit)
                {
                    await Discard(http, MaxDiscarded);
                    throw TooLarge(limit);
                }
                if (length == bytes.Length) bytes = Grown(bytes);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    /// <summary>
    /// A client that is still sending does not see an answer before the connection is reset under it: so what it sends is taken in and
    /// dropped, within reason. Who asked whether to send at all sends nothing when it is refused.
    /// </summary>
    private static async ValueTask Discard(HttpContext http, long announced)
    {
        if (announced > MaxDiscarded || http.Request.Headers.Expect.Count > 0) return;
        var bytes = ArrayPool<byte>.Shared.Rent(DiscardSize);
        try
        {
            for (var left = MaxDiscarded; left > 0;)
            {
                var read = await http.Request.Body.ReadAsync(bytes, http.RequestAborted);
                if (read == 0) return;
                left -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(rented);

    private static byte[] Grown(byte[] bytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(bytes.Length * 2);
        bytes.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(bytes);
        return larger;
    }

    private static RefusedException TooLarge(int limit) =>
        new(Codes.TooLarge, $"The body has more than {limit} bytes: send less at once.");
}
