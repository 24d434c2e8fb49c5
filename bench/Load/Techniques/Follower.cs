using System.Text.Json;

namespace OrleansSync.Load.Techniques;

/// <summary>A client that stays up to date with one collection by one of the five techniques.</summary>
internal abstract class Follower(Address address, string collection, Holdings holdings) : IDisposable
{
    private long _requests;

    public Holdings Holdings => holdings;

    /// <summary>HTTP requests so far, upgrades to WebSocket included.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Bytes so far.</summary>
    public long Received => Wire.Received;

    protected Wire Wire { get; } = new();
    protected Address Address => address;
    protected string Collection => collection;

    /// <summary>Done when it follows: what is written from here on it will have.</summary>
    public abstract Task Join();

    /// <summary>Follows until it is stopped.</summary>
    public async Task Run(CancellationToken stop)
    {
        try
        {
            await Follow(stop);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
        }
    }

    protected abstract Task Follow(CancellationToken stop);

    /// <summary>Of the feed where it is now.</summary>
    protected async Task<string> Now()
    {
        using var http = Client();
        return Cursor(await Get(http, $"/v1/collections/{collection}/changes?since=now", CancellationToken.None));
    }

    protected HttpClient Client() => address.Client(Wire.Handler);

    protected async Task<byte[]> Get(HttpClient http, string path, CancellationToken stop)
    {
        Asked();
        return await http.GetByteArrayAsync(path, stop);
    }

    protected void Asked() => Interlocked.Increment(ref _requests);

    protected static string Cursor(ReadOnlyMemory<byte> page)
    {
        using var read = JsonDocument.Parse(page);
        return read.RootElement.GetProperty("cursor").GetString()!;
    }

    public virtual void Dispose() => Wire.Dispose();
}
