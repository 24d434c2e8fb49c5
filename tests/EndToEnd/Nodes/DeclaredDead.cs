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

    /// <summary>Where it may have been declared dead or not: has it started again if it was, and returns when it is ready.</summary>
    public static async Task<bool> IsBackAfterAll(Node node)
    {
        var ended = node.Process.Ended();
        // What it learns, it learns with its next look at the table of members.
        if (await Task.WhenAny(ended, Task.Delay(TimeSpan.FromSeconds(7))) != ended)
        {
            await node.Process.Ready();
            return false;
        }
        Assert.Equal(ExitCode, await Ends(node));
        await node.Start();
        return true;
    }
}
