namespace OrleansSync.Gateway.Tests.Documents;

public sealed class FollowingLinks
{
    // The load runs' page is written by running them.
    private const string MayBeMissing = "bench/README.md";

    public static TheoryData<string> Documents()
    {
        var docs = Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));
        return [.. docs.Concat(["README.md", "CONTRIBUTING.md", "samples/README.md", "src/README.md", MayBeMissing]).Where(path => path != MayBeMissing || Exists(path)).Order()];
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Each_leads_somewhere(string path)
    {
        var document = new Document(path);

        var lost = document.Links().Where(link => !IsElsewhere(link) && !LeadsSomewhere(document, link));

        Assert.Empty(lost);
    }

    private static bool IsElsewhere(string link) => link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool LeadsSomewhere(Document from, string link)
    {
        var (file, anchor) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = file.Length == 0 ? from.Path : TargetOf(from.Path, file);
        if (target == MayBeMissing && !Exists(target)) return true;
        return Exists(target) && (anchor is null || new Document(target).Anchors().Contains(anchor));
    }

    private static string TargetOf(string from, string file)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, from))!;
        return Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(folder, file))).Replace('\\', '/');
    }

    private static bool Exists(string path) => Path.Exists(Path.Combine(Repository.Root, path));
}
