using System.Text.RegularExpressions;

namespace OrleansSync.Gateway.Tests.Documents;

/// <summary>The files of deploy/ cannot be run everywhere: what they say of the server is held against what the server says of itself.</summary>
public sealed partial class ReadingTheDeployment
{
    private static readonly string[] Files = ["deploy/Containerfile", "deploy/compose.yaml", "deploy/kubernetes/orleanssync.yaml"];

    public static TheoryData<string> All => [.. Files];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_setting_is_one_that_the_server_has(string file)
    {
        var known = new Document("docs/settings.md").Table("setting", "environment").Select(row => Document.Bare(row[1])).ToHashSet();
        var set = Setting().Matches(Repository.Read(file)).Select(match => match.Value).ToArray();

        Assert.NotEmpty(set);
        Assert.Empty(set.Except(known));
    }

    [Fact]
    public void Probes_ask_what_is_there()
    {
        var asked = Path().Matches(Repository.Read("deploy/kubernetes/orleanssync.yaml")).Select(match => match.Groups[1].Value).Distinct();

        Assert.Equal(["/health/live", "/health/ready"], asked.Order());
    }

    [Fact]
    public void Ports_between_nodes_are_those_that_nodes_use()
    {
        var defaults = string.Join(' ', new Document("docs/settings.md").Table("setting", "environment").Select(row => row[4]));
        foreach (var port in (string[])["11111", "30000"])
        {
            Assert.Contains(port, defaults, StringComparison.Ordinal);
            Assert.All((string[])["deploy/Containerfile", "deploy/kubernetes/orleanssync.yaml"], file => Assert.Contains(port, Repository.Read(file), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Pods_have_what_asking_Kubernetes_takes()
    {
        var manifest = Repository.Read("deploy/kubernetes/orleanssync.yaml");

        Assert.Contains("Cluster__Kubernetes, value: \"true\"", manifest, StringComparison.Ordinal);
        Assert.All((string[])["POD_NAME", "POD_NAMESPACE", "POD_IP"], name => Assert.Contains($"- {{ name: {name}, valueFrom:", manifest, StringComparison.Ordinal));
        Assert.Contains("resources: [pods], verbs: [get, list, watch, patch]", manifest, StringComparison.Ordinal);
        Assert.Contains("serviceAccountName: orleanssync", manifest, StringComparison.Ordinal);
    }

    [Fact]
    public void The_image_starts_what_is_built()
    {
        var image = Repository.Read("deploy/Containerfile");

        Assert.Contains("OrleansSync.Gateway.dll", image, StringComparison.Ordinal);
        Assert.All(Project().Matches(image), project => Assert.True(Directory.Exists(System.IO.Path.Combine(Repository.Root, project.Groups[1].Value))));
    }

    [Fact]
    public void A_node_is_given_as_long_to_end_as_it_may_take()
    {
        Assert.All(Grace().Matches(Repository.Read("deploy/compose.yaml") + Repository.Read("deploy/kubernetes/orleanssync.yaml")), seconds =>
            Assert.True(int.Parse(seconds.Groups[1].Value) > 10));
    }

    [GeneratedRegex(@"\b(?:Store|Role|Urls|Data|(?:ConnectionStrings|Cluster|Auth|Access|Limits|Cors|Collections)__\w+)\b(?=[,:=] ?\S)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"path: (/health/\w+)")]
    private static partial Regex Path();

    [GeneratedRegex(@"publish (src/\w+)")]
    private static partial Regex Project();

    [GeneratedRegex(@"(?:stop_grace_period|terminationGracePeriodSeconds): (\d+)")]
    private static partial Regex Grace();
}
