namespace OrleansSync.Load.Peers;

/// <summary>
/// A client that works on the hot record together with others, each call by the best means its server has. Both additions are done when the
/// server said they are; whether they still count is seen by reading in the end.
/// </summary>
internal interface IEditor : IDisposable
{
    /// <summary>Adds one with the server's own operation; as <see cref="ReadModifyWrite"/> where there is none.</summary>
    /// <returns>How many times it was sent.</returns>
    Task<int> Increment();

    /// <summary>Reads the count, and writes it plus one; again with what is newer if it is refused.</summary>
    /// <returns>How many times it was sent.</returns>
    Task<int> ReadModifyWrite();

    /// <summary>What the count is now, asked of the server.</summary>
    Task<long> Read();
}
