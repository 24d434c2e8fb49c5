using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Which paths of a collection are in the index, and how far that has come. One per connection.</summary>
internal sealed class IndexTable(Database database)
{
    private readonly Statement _read = database.Prepare("select key, path, state from indexes where collection = ?");
    private readonly Statement _add = database.Prepare(
        $"insert into indexes(collection, path, state) values(?, ?, {(int)IndexState.Filling})");
    private readonly Statement _set = database.Prepare("update indexes set state = ? where key = ?");
    private readonly Statement _remove = database.Prepare("delete from indexes where key = ?");

    // Paths are parsed once: most commits are of collections that were seen before.
    private const int MostParsed = 10_000;
    private readonly Dictionary<string, FieldPath> _parsed = [];

    public IReadOnlyList<IndexedPath> Read(long collection)
    {
        List<IndexedPath>? found = null;
        _read.Bind(1, collection);
        while (_read.Step())
            (found ??= []).Add(new(_read.Long(0), Parse(_read.Text(1)), (IndexState)_read.Long(2)));
        return found ?? (IReadOnlyList<IndexedPath>)[];
    }

    /// <summary>The paths that commits keep in step.</summary>
    public IReadOnlyList<IndexedPath> Kept(long collection)
    {
        var all = Read(collection);
        return all.Any(path => path.State == IndexState.Leaving) ? [.. all.Where(path => path.State != IndexState.Leaving)] : all;
    }

    public void Add(long collection, string path) => _add.Bind(1, collection).Bind(2, path).Run();

    public void Set(IndexedPath path, IndexState state) => _set.Bind(1, (int)state).Bind(2, path.Key).Run();

    public void Remove(IndexedPath path) => _remove.Bind(1, path.Key).Run();

    private FieldPath Parse(string text)
    {
        if (_parsed.TryGetValue(text, out var path))
            return path;
        if (_parsed.Count >= MostParsed)
            _parsed.Clear();
        return _parsed[text] = FieldPath.Parse(text);
    }
}
