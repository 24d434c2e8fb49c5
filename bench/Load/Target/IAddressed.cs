using OrleansSync.Load.Peers;

namespace OrleansSync.Load;

/// <summary>A server of ours whose address is known, for what the interface of all servers has no words for.</summary>
internal interface IAddressed
{
    Address Address { get; }

    /// <summary>Of a server that must be ours.</summary>
    static Address Of(ILiveServer server) => server is IAddressed addressed ? addressed.Address : throw new InvalidOperationException("Where it listens is not known.");
}
