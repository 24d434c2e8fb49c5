namespace OrleansSync.Gateway.Tests.Feeds;

[Collection("gateway")]
public sealed class Polling(RunningGateway gateway) : TransportContract(gateway)
{
    protected override ITransport Transport { get; } = new PollTransport(wait: null);
}

[Collection("gateway")]
public sealed class LongPolling(RunningGateway gateway) : TransportContract(gateway)
{
    protected override ITransport Transport { get; } = new PollTransport(wait: 10);
}

[Collection("gateway")]
public sealed class ServerSentEvents(RunningGateway gateway) : TransportContract(gateway)
{
    protected override ITransport Transport { get; } = new EventStreamTransport();
}

[Collection("gateway")]
public sealed class PollingPartitions(RunningGateway gateway) : PartitionedContract(gateway)
{
    protected override ITransport Transport { get; } = new PollTransport(wait: null);
}

[Collection("gateway")]
public sealed class LongPollingPartitions(RunningGateway gateway) : PartitionedContract(gateway)
{
    protected override ITransport Transport { get; } = new PollTransport(wait: 10);
}

[Collection("gateway")]
public sealed class PartitionsInServerSentEvents(RunningGateway gateway) : PartitionedContract(gateway)
{
    protected override ITransport Transport { get; } = new EventStreamTransport();
}
