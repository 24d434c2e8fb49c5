using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>The gateway's feeds over a model, on a clock that the test moves.</summary>
internal sealed class ModelFeeds : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public ModelFeeds(int partitions = 1, long start = 0)
    {
        Model = new(partitions, start);
        Registry = new(Model, new AccessRules(Settings), Settings, Clock, NullLoggerFactory.Instance);
    }

    public FeedModel Model { get; }

    public ModelClock Clock { get; } = new();

    public FeedRegistry Registry { get; }

    private static ServerSettings Settings { get; } = new();

    public static FeedRequest Request(string? since = null, string? filter = null, int limit = 1000, Caller? caller = null) => new()
    {
        Collection = FeedModel.Name,
        Since = since,
        Filter = filter is null ? null : Filter.Parse(Encoding.UTF8.GetBytes(filter)),
        Limit = limit,
        Caller = caller ?? Caller.Anonymous,
    };

    public async Task<Subscription> Subscribe(string? since = null, string? filter = null, int limit = 1000, Caller? caller = null) =>
        await Registry.Subscribe(Request(since, filter, limit, caller), CancellationToken.None);

    /// <summary>The next page; waits for it.</summary>
    public static async Task<FeedPage> Next(Subscription subscription)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await subscription.WaitToRead(patience.Token))
            if (subscription.TryRead(out var page))
                return page;
        throw new FeedEnded(subscription.End!.Code);
    }

    /// <summary>Reads until a page says that it is up to date.</summary>
    public static async Task<List<FeedPage>> ReadUp(Subscription subscription)
    {
        var pages = new List<FeedPage>();
        do pages.Add(await Next(subscription));
        while (!pages[^1].UpToDate);
        return pages;
    }

    /// <summary>Lets a second pass, in which every tail looks at its head.</summary>
    public void PassSecond() => Clock.Advance(TimeSpan.FromSeconds(1));

    public static string Text(FeedPage page) => string.Join(' ', page.Changes.Select(change =>
        $"{(change.Kind == ChangeKind.Upsert ? "+" : change.Kind == ChangeKind.Delete ? "-" : "~")}{change.Entry.Record.Id}@{change.Entry.Record.Version}"));

    public static string Text(IEnumerable<FeedPage> pages) => string.Join(' ', pages.Select(Text).Where(text => text.Length > 0));

    public ValueTask DisposeAsync() => Registry.DisposeAsync();
}
