namespace OrleansSync.EndToEnd.Nodes;

/// <summary>What an operator sees of a node that has learned that the others have declared it dead.</summary>
internal static class DeclaredDead
{
    public const int ExitCode = 3;
    private const string Line = "This silo ends: it did not answer the others, and they have declared it dead. Start it again.";
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(30);

    /// <summary>Returns with its exit code when it has ended, and has said why.</summary>
    public static async Task<int> Ends(Node node)
    {
        var code = await node.Process.Ended().WaitAsync(Within);
        Assert.Contains(Line, node.Process.Said, StringComparison.Ordinal);
        return code;
    }
}
