using System.Text.RegularExpressions;

namespace OrleansSync.Gateway.Tests.Documents;

/// <summary>A document as its readers see it: headings, tables, links, blocks of code.</summary>
internal sealed partial class Document(string path)
{
    private readonly string _text = Repository.Read(path);

    public string Path => path;

    public string Text => _text;

    /// <summary>The rows of the table whose header begins with these cells, each as its cells; throws when there is none.</summary>
    public IReadOnlyList<string[]> Table(params string[] header)
    {
        var lines = _text.Split('\n').SkipWhile(line => !line.StartsWith($"| {string.Join(" | ", header)} |", StringComparison.Ordinal)).ToArray();
        Assert.True(lines.Length > 2, $"{path} has no table of {string.Join(", ", header)}");
        return [.. lines.Skip(2).TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>The blocks of code in this language.</summary>
    public IEnumerable<string> Blocks(string language) =>
        Block().Matches(_text).Where(block => block.Groups[1].Value == language).Select(block => block.Groups[2].Value);

    /// <summary>Where its links lead, as they are written; code has none.</summary>
    public IEnumerable<string> Links() =>
        Link().Matches(InlineCode().Replace(Block().Replace(_text, ""), "")).Select(link => link.Groups[1].Value);

    /// <summary>Its headings as a link names them.</summary>
    public IEnumerable<string> Anchors() =>
        Heading().Matches(Block().Replace(_text, "")).Select(heading => NoWord().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'));

    /// <summary>What stands between backticks in a cell that holds nothing else, else the cell.</summary>
    public static string Bare(string cell) => cell.Length > 1 && cell[0] == '`' && cell.IndexOf('`', 1) == cell.Length - 1 ? cell[1..^1] : cell;

    private static string[] Cells(string row) => [.. row.Trim().Trim('|').Split('|').Select(cell => cell.Trim())];

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"`[^`\n]*`")]
    private static partial Regex InlineCode();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoWord();
}
