using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>What a client holds that applies pages one after another, and the checks that protocol §8 lets it make.</summary>
public sealed class HeldFeed(string? cursor = null)
{
    private readonly Dictionary<string, long> _versions = [];

    /// <summary>The data of the records held, by id.</summary>
    public SortedDictionary<string, JsonObject> Records { get; } = [];

    public List<Page> Pages { get; } = [];

    /// <summary>Every version that was shown, in order, as <c>id@version</c>.</summary>
    public List<string> Shown { get; } = [];

    /// <summary>Where to go on.</summary>
    public string? Cursor { get; private set; } = cursor;

    public bool UpToDate => Pages.Count > 0 && Pages[^1].UpToDate;

    public void Apply(Page page)
    {
        if (Pages.Count > 0) Assert.Equal(Cursor, page.Since);
        Pages.Add(page);
        Cursor = page.Cursor;
        if (page.Reset is not null)
        {
            Assert.Empty(page.Changes);
            Assert.False(page.UpToDate);
            Records.Clear();
            _versions.Clear();
            return;
        }
        foreach (var change in page.Changes) Apply(change);
    }

    private void Apply(JsonObject change)
    {
        var type = (string)change["type"]!;
        var source = type == "leave" ? change : change["record"]!.AsObject();
        var id = (string)source["id"]!;
        var version = (long)source["version"]!;
        if (_versions.TryGetValue(id, out var held)) Assert.True(version > held, $"{id} came at version {version} after {held}");
        _versions[id] = version;
        Shown.Add($"{id}@{version}");
        if (type == "upsert") Records[id] = source["data"]!.AsObject();
        else Records.Remove(id);
        if (type == "delete") Assert.True((bool)source["deleted"]!);
    }
}
