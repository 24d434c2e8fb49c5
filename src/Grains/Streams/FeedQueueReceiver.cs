using Orleans.Streams;

namespace OrleansSync.Grains.Streams;

/// <summary>What a pulling agent reads from: it waits on the queue's outlet, so that a run is delivered when it comes and an idle queue costs nothing.</summary>
internal sealed class FeedQueueReceiver(IFeedOutletGrain outlet) : IQueueAdapterReceiver
{
    // Short enough that a moved or lost outlet is found again soon, long enough to cost nothing.
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    // Coming back empty costs the agent a timer's period in which nothing is delivered: it is done now and then, for the agent's own housekeeping.
    private const int WaitsInARow = 15;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount) =>
        GetQueueMessagesAsync(maxCount, CancellationToken.None);

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount, CancellationToken cancellationToken)
    {
        try
        {
            for (var wait = 0; wait < WaitsInARow; wait++)
            {
                var runs = await outlet.Take(maxCount, Wait).WaitAsync(cancellationToken);
                if (runs.Count > 0) return [.. runs];
            }
        }
        catch (OperationCanceledException)
        {
            // The agent stops.
        }

        return [];
    }

    public Task MessagesDeliveredAsync(IList<IBatchContainer> messages) => Task.CompletedTask;

    public Task Shutdown(TimeSpan timeout) => Task.CompletedTask;
}
