using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using OrleansSync.Grains.Feeds;
using OrleansSync.Grains.Streams;
using OrleansSync.Grains.Tests.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Feeds;

/// <summary>What is committed comes by on the feed's stream, in order, as long as somebody asks.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class FollowingTheStream(RunningSilo silo)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _collection = silo.NewCollection();

    [Fact]
    public async Task Every_change_comes_in_order_with_what_stood_before()
    {
        await using var listener = await Listener.Join(silo, _collection);
        var record = silo.Record(_collection, "r");
        for (var n = 1; n <= 50; n++) await record.Write(Writes.Put(_collection, "r", $$"""{"n":{{n}}}"""));

        var entries = await listener.Take(50);

        Assert.Equal(Enumerable.Range(1, 50).Select(n => (long)n), entries.Select(entry => entry.Record.Version));
        Assert.Equal(entries.Select(entry => entry.Seq).Order(), entries.Select(entry => entry.Seq));
        Assert.Equal("""{"n":49}""", System.Text.Encoding.UTF8.GetString(entries[49].Before!));
    }

    [Fact]
    public async Task A_listener_that_hangs_in_another_process_does_not_hold_up_another()
    {
        await using var hanging = await Listener.Join(silo, _collection, hangs: true);
        await using var listener = await Listener.Join(silo, _collection);
        for (var n = 1; n <= 20; n++) await silo.Record(_collection, $"r{n}").Write(Writes.Put(_collection, $"r{n}", "{}"));

        Assert.Equal(20, (await listener.Take(20)).Count);
    }

    private sealed class Listener(Channel<FeedEntry> heard, TaskCompletionSource? hang) : IAsyncBatchObserver<FeedEntry>, IAsyncDisposable
    {
        private StreamSubscriptionHandle<FeedEntry> _subscription = null!;

        public static async Task<Listener> Join(RunningSilo silo, string collection, bool hangs = false)
        {
            var listener = new Listener(Channel.CreateUnbounded<FeedEntry>(), hangs ? new() : null);
            var feed = new FeedKey(collection, 0);
            await silo.Feed(collection).ReadState();
            var client = hangs ? silo.OtherProcess : silo.Services.GetRequiredService<IClusterClient>();
            listener._subscription = await client.GetStreamProvider(FeedQueues.Provider)
                .GetStream<FeedEntry>(FeedQueues.StreamOf(feed)).SubscribeAsync(listener);
            return listener;
        }

        public async Task<List<FeedEntry>> Take(int count)
        {
            using var patience = new CancellationTokenSource(Patience);
            var taken = new List<FeedEntry>();
            while (taken.Count < count) taken.Add(await heard.Reader.ReadAsync(patience.Token));
            return taken;
        }

        public async Task OnNextAsync(IList<SequentialItem<FeedEntry>> items)
        {
            if (hang is not null) await hang.Task;
            foreach (var item in items) await heard.Writer.WriteAsync(item.Item);
        }

        public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

        public async ValueTask DisposeAsync()
        {
            hang?.TrySetResult();
            await _subscription.UnsubscribeAsync();
        }
    }
}
