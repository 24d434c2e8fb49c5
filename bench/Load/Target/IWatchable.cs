using OrleansSync.Load.Measures;

namespace OrleansSync.Load;

/// <summary>A server whose cost may be unknown, because it runs elsewhere.</summary>
internal interface IWatchable
{
    /// <summary>Null = unknown.</summary>
    Watched? Cost { get; }
}
