using System.Text.RegularExpressions;

namespace OrleansSync.Gateway.Tests.Documents;

public sealed partial class ReadingTheGuarantees
{
    private const int Promises = 8;

    private static readonly Document Page = new("docs/guarantees.md");

    public static TheoryData<string> Titles() => [.. Guarantees().Select(guarantee => guarantee.Title)];

    [Fact]
    public void They_are_numbered_without_a_gap() => Assert.Equal(
        Enumerable.Range(1, Promises), Guarantees().Select(guarantee => int.Parse(guarantee.Title[..guarantee.Title.IndexOf('.')])));

    [Theory]
    [MemberData(nameof(Titles))]
    public void Each_names_tests_and_they_exist(string title)
    {
        var named = TestsOf(Guarantees().Single(guarantee => guarantee.Title == title).Text);

        Assert.NotEmpty(named);
        Assert.DoesNotContain(named, test => !Exists(test));
    }

    [Fact]
    public void Every_point_of_the_lists_names_tests() => Assert.All(
        Page.Text.Split('\n').Where(line => line.StartsWith("- ", StringComparison.Ordinal)), line => Assert.Matches(NamedTests(), line));

    private static IEnumerable<(string Title, string Text)> Guarantees() =>
        Page.Text.Split("\n## ").Skip(1).Select(part => part.Split('\n', 2)).Select(part => (part[0], part[1]));

    private static List<(string Class, string File, string Method)> TestsOf(string text) =>
    [
        .. from line in NamedTests().Matches(text)
           from method in MethodName().Matches(line.Groups[3].Value)
           select (line.Groups[1].Value, line.Groups[2].Value, method.Groups[1].Value),
    ];

    /// <summary>A test that is skipped holds nothing.</summary>
    private static bool Exists((string Class, string File, string Method) test)
    {
        var path = $"tests/{test.File}";
        if (!File.Exists(Path.Combine(Repository.Root, path))) return false;
        var source = Repository.Read(path);
        return Regex.IsMatch(source, $@"\bclass {test.Class}\b")
            && Regex.IsMatch(source, $@"\[(?:Network)?(Fact|Theory)\]\s(\s*\[[^\n]*\]\s*\n|\s*//[^\n]*\n)*\s*(public|internal) [^\n;=]*\b{test.Method}\(");
    }

    [GeneratedRegex(@"^- \[(\w+)\]\(\.\./tests/([^)]+)\): (`\w+`(?:, `\w+`)*)$", RegexOptions.Multiline)]
    private static partial Regex NamedTests();

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex MethodName();
}
