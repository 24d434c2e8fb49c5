using System.Buffers;

namespace OrleansSync.Load.Peers;

/// <summary>
/// The continuous feed of changes with their documents, which only subscribers speak. It is plain HTTP: the server does not know the upgrade
/// that it is offered, and answers the request as it stands.
/// </summary>
internal sealed class PouchDbDialect : Dialect
{
    // Its headers come with its first line: without changes that is a heartbeat.
    public override string Path => "/bench/_changes?feed=continuous&since=now&include_docs=true&heartbeat=1000";
    public override byte[] Answer => throw new NotSupportedException();
    public override byte[] Delivery { get; } = "\"changes\":["u8.ToArray();

    public override Task Follow(RawSocket socket, int records) => Task.CompletedTask;

    public override void Write(IBufferWriter<byte> to, int number, Write write) => throw new NotSupportedException();
}
