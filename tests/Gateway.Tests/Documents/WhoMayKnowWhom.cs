using System.Text.RegularExpressions;

namespace OrleansSync.Gateway.Tests.Documents;

/// <summary>The arrows of docs/architecture.md, held against the projects as they are.</summary>
public sealed partial class WhoMayKnowWhom
{
    [Theory]
    [InlineData("Protocol")]
    [InlineData("Storage", "Protocol")]
    [InlineData("Grains", "Protocol", "Storage")]
    [InlineData("Silo", "Grains", "Storage")]
    [InlineData("Gateway", "Grains", "Silo")]
    public void A_project_refers_to_those_that_the_picture_allows(string project, params string[] allowed)
    {
        var referred = Reference().Matches(Repository.Read($"src/{project}/{project}.csproj")).Select(match => match.Groups[1].Value).Order();

        Assert.Equal(allowed, referred);
    }

    [Fact]
    public void The_edge_reaches_data_only_through_grains()
    {
        // That a store can fail is all the edge knows of it: to say so in its own words.
        string[] told = ["internal static class GrainFailure", "internal static class StartFailure"];

        var knowing = Repository.Sources("src/Gateway").Where(text => text.Contains("using OrleansSync.Storage") && !told.Any(text.Contains));

        Assert.Empty(knowing);
    }

    [Fact]
    public void The_merge_engine_knows_nothing_of_Orleans()
    {
        var knowing = Repository.Sources("src/Grains/Merging").Where(text => text.Contains("using Orleans.") || text.Contains(": Grain"));

        Assert.Empty(knowing);
    }

    [GeneratedRegex("""<ProjectReference Include="\.\./(\w+)/""")]
    private static partial Regex Reference();
}
