namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Keeps the first of many candidates by the order of a list: as many as a page can show, and one more that tells there is another page. Neither more
/// records nor, past the bytes of a page, more data.
/// </summary>
internal sealed class FirstRows(ListOrder order, int limit, int pageBytes)
{
    private readonly SortedSet<(ListPlace Place, ListRow Row)> _kept =
        new(Comparer<(ListPlace Place, ListRow Row)>.Create((a, b) => order.Compare(a.Place, b.Place)));

    private long _bytes;

    public void Add(ListPlace place, ListRow row)
    {
        if (!_kept.Add((place, row)))
            return;
        _bytes += row.Bytes;
        while (_kept.Count > limit + 1 || IsLastBeyondPage())
        {
            var last = _kept.Max;
            _kept.Remove(last);
            _bytes -= last.Row.Bytes;
        }
    }

    /// <summary>In order, and forgotten here.</summary>
    public IReadOnlyList<ListRow> Take()
    {
        var taken = _kept.Select(each => each.Row).ToList();
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
        return _bytes - last.Row.Bytes - before.Row.Bytes > pageBytes;
    }
}
