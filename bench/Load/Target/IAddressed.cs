namespace OrleansSync.Load;

/// <summary>A server of ours whose address is known, for what the interface of all servers has no words for.</summary>
internal interface IAddressed
{
    Address Address { get; }
}
