namespace OrleansSync.Grains.Feeds;

/// <summary>
/// Records of which a commit was refused, and in which life: what they had decided after it is refused at once, until they have started over.
/// </summary>
internal sealed class EndedLives
{
    // Forgetting one costs a batch that the store refuses, no more.
    private const int Most = 10_000;

    private readonly Dictionary<string, long> _ended = [];

    public bool IsAlive(string record, long life)
    {
        if (_ended.Count == 0 || !_ended.TryGetValue(record, out var ended)) return true;
        if (life <= ended) return false;
        _ended.Remove(record);
        return true;
    }

    public void End(string record, long life)
    {
        if (_ended.Count >= Most) _ended.Clear();
        if (!_ended.TryGetValue(record, out var ended) || ended < life) _ended[record] = life;
    }
}
