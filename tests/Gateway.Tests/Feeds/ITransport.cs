using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>A way to follow a feed, as the contract's tests use it.</summary>
public interface ITransport
{
    /// <summary>Opens a feed. <paramref name="since"/> null = from the beginning; <paramref name="filter"/> is JSON text.</summary>
    /// <param name="limit">The most changes of a page, where the transport lets a reader say so.</param>
    Task<IPageReader> Open(
        RunningGateway gateway, string collection, string? since = null, string? filter = null, int? limit = null, string? token = null);
}

/// <summary>An open feed. Disposing it breaks the connection off.</summary>
public interface IPageReader : IAsyncDisposable
{
    /// <summary>The next page, empty ones included. Throws <see cref="FeedEnded"/> when the server ended the feed with a problem.</summary>
    Task<Page> Next(CancellationToken cancel);
}

/// <summary>The server said that there will be no more.</summary>
public sealed class FeedEnded(string code) : Exception($"The feed ended: {code}")
{
    public string Code { get; } = code;
}

/// <summary>A page as every transport gives it (protocol §8).</summary>
public sealed record Page(string Since, IReadOnlyList<JsonObject> Changes, string Cursor, bool UpToDate, string? Reset)
{
    public static Page Of(JsonObject page) => new(
        (string)page["since"]!,
        [.. page["changes"]!.AsArray().Select(change => change!.AsObject())],
        (string)page["cursor"]!,
        (bool)page["upToDate"]!,
        (string?)page["reset"]?["reason"]);
}
