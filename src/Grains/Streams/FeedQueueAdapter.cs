using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace OrleansSync.Grains.Streams;

/// <summary>Joins the feeds to Orleans streams: read only, since feeds are written by committing. Used by silos and by clients.</summary>
public sealed class FeedQueueAdapter : IQueueAdapterFactory, IQueueAdapter, IQueueAdapterCache
{
    private readonly IGrainFactory _grains;

    internal FeedQueueAdapter(string name, IGrainFactory grains) => (Name, _grains) = (name, grains);

    public static IQueueAdapterFactory Create(IServiceProvider services, string name) =>
        new FeedQueueAdapter(name, (IGrainFactory)services.GetService(typeof(IGrainFactory))!);

    public string Name { get; }

    public bool IsRewindable => true;

    public StreamProviderDirection Direction => StreamProviderDirection.ReadOnly;

    public Task<IQueueAdapter> CreateAdapter() => Task.FromResult<IQueueAdapter>(this);

    public IStreamQueueMapper GetStreamQueueMapper() => FeedQueues.Mapper;

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IQueueCache CreateQueueCache(QueueId queueId) => new FeedQueueCache();

    public IQueueAdapterReceiver CreateReceiver(QueueId queueId) =>
        new FeedQueueReceiver(_grains.GetGrain<IFeedOutletGrain>(queueId.GetNumericId()));

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(new NoOpStreamDeliveryFailureHandler());

    public Task QueueMessageBatchAsync<T>(
        StreamId streamId, IEnumerable<T> events, StreamSequenceToken? token, Dictionary<string, object>? requestContext) =>
        throw new NotSupportedException("A feed is written by committing to it.");
}
