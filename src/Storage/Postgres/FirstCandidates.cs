namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Keeps the first of many candidates by the order of a list: as many as a page can show, and one more that tells there is another page. Neither more
/// records nor, past the bytes of a page, more data.
/// </summary>
internal sealed class FirstCandidates(ListOrder order, int limit, int pageBytes)
{
    private readonly SortedSet<(ListPlace Place, Candidate Candidate)> _kept =
        new(Comparer<(ListPlace Place, Candidate Candidate)>.Create((a, b) => order.Compare(a.Place, b.Place)));

    private long _bytes;

    public void Add(ListPlace place, Candidate candidate)
    {
        if (!_kept.Add((place, candidate)))
            return;
        _bytes += candidate.Bytes;
        while (_kept.Count > limit + 1 || IsLastBeyondPage())
        {
            var last = _kept.Max;
            _kept.Remove(last);
            _bytes -= last.Candidate.Bytes;
        }
    }

    /// <summary>In order, and forgotten here.</summary>
    public IReadOnlyList<Candidate> Take()
    {
        var taken = _kept.Select(each => each.Candidate).ToList();
        _kept.Clear();
        _bytes = 0;
        return taken;
    }

    // A page ends with the record that takes it past its bytes: there must be one more than that, and no others.
    private bool IsLastBeyondPage()
    {
        if (_bytes <= pageBytes || _kept.Count < 3)
            return false;
        var last = _kept.Max;
        var before = _kept.Reverse().Skip(1).First();
        return _bytes - last.Candidate.Bytes - before.Candidate.Bytes > pageBytes;
    }
}
