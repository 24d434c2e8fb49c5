namespace OrleansSync.Load.Peers;

/// <summary>What a figure means depends on what the server promises with it: stated beside each.</summary>
/// <param name="Kept">What an answer to a write says of where it is.</param>
/// <param name="Concurrent">What becomes of a write whose writer had not seen the newest value.</param>
/// <param name="Increments">It has an operation that adds to a number, so that nobody need read it first.</param>
/// <param name="Resumes">A subscriber that was away can be given what it missed, not only what comes from now on.</param>
/// <param name="EveryWrite">A subscriber that keeps up sees every write; else it may be given the newest alone.</param>
internal sealed record Traits(Kept Kept, Concurrent Concurrent, bool Increments, bool Resumes, bool EveryWrite = true);

/// <summary>Where an answered write is.</summary>
internal enum Kept
{
    /// <summary>Gone with the process.</summary>
    InMemory,

    /// <summary>Handed to the operating system: survives the end of the process, not that of the machine.</summary>
    Written,

    /// <summary>On disk, fsynced.</summary>
    Synced,
}

/// <summary>What becomes of a write whose writer had not seen the newest value.</summary>
internal enum Concurrent
{
    /// <summary>It is stored, and what it had not seen is gone.</summary>
    Overwrites,

    /// <summary>It is combined with what it had not seen by the rules of the data type; of two values for one field one is left.</summary>
    Merged,

    /// <summary>It is refused when its writer asked for that, and told so.</summary>
    Refused,
}
