namespace OrleansSync.Gateway.Tests.Documents;

/// <summary>The tree that these tests were built from: its documents and its source text.</summary>
internal static class Repository
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    /// <summary>A file's text, by its path from the root with slashes.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The text of every source file below a folder, without what builds leave there.</summary>
    public static IEnumerable<string> Sources(string folder) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => !IsBuilt(file))
        .Select(File.ReadAllText);

    private static bool IsBuilt(string file) =>
        Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar) is var parts && (parts.Contains("bin") || parts.Contains("obj"));

    private static string Above(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "OrleansSync.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("These tests run inside the tree that they were built from.");
    }
}
