using System.Buffers;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>A request's body, whole, in pooled bytes: valid until it is disposed.</summary>
internal readonly struct RequestBody(byte[] rented, int length) : IDisposable
{
    private const int FirstSize = 4096;

    public ReadOnlyMemory<byte> Bytes => rented.AsMemory(0, length);

    /// <summary>Reads it; throws <see cref="RefusedException"/> (too-large) past the limit, before more of it is read.</summary>
    public static async ValueTask<RequestBody> Read(HttpContext http, int limit)
    {
        if (http.Request.ContentLength > limit) throw TooLarge(limit);
        var bytes = ArrayPool<byte>.Shared.Rent((int)(http.Request.ContentLength ?? FirstSize) + 1);
        var length = 0;
        try
        {
            while (true)
            {
                var read = await http.Request.Body.ReadAsync(bytes.AsMemory(length), http.RequestAborted);
                if (read == 0) return new(bytes, length);
                length += read;
                if (length > limit) throw TooLarge(limit);
                if (length == bytes.Length) bytes = Grown(bytes);
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
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
