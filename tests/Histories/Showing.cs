namespace OrleansSync.Histories;

/// <summary>
/// What a record showed somebody: its version (0 = it was not there), the writes that are in it, and how many it counts. Every write puts its
/// own id into the record and counts one up, so a record says by itself which writes it is made of.
/// </summary>
internal sealed record Showing(long Version, IReadOnlyList<string> Writes, long Count)
{
    public static readonly Showing Nothing = new(0, [], 0);
}
