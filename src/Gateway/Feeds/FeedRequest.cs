using OrleansSync.Gateway.Access;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>What a reader of a feed asks for. The collection's name, the filter and the limit are checked where they enter.</summary>
internal sealed record FeedRequest
{
    /// <summary>The <see cref="Since"/> of who only wants what comes from here on.</summary>
    public const string Now = "now";

    /// <summary>The most changes of one page, and how many it has where nobody says.</summary>
    public const int MaxLimit = 1000;

    public required string Collection { get; init; }

    /// <summary>Null = every record.</summary>
    public Filter? Filter { get; init; }

    /// <summary>Null = from the beginning, <see cref="Now"/>, or the text of a cursor.</summary>
    public string? Since { get; init; }

    /// <summary>The most changes of one page: 1–<see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = MaxLimit;

    public required Caller Caller { get; init; }
}
