using System.Globalization;

namespace OrleansSync.Gateway.Tests.Http;

[Collection("gateway")]
public sealed class Operating(RunningGateway gateway)
{
    [Fact]
    public async Task The_time_is_the_servers()
    {
        var before = DateTime.UtcNow;

        var text = (string)(await gateway.Get("/v1/time")).Json["timestamp"]!;

        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", text);
        Assert.InRange(DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal), before, DateTime.UtcNow);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task It_is_well(string path) => Assert.Equal(200, (await gateway.Get(path)).Status);

    [Fact]
    public async Task Metrics_count_the_writes()
    {
        await gateway.Put($"/v1/collections/{RunningGateway.NewCollection()}/records/t1", "{}");

        var reply = await gateway.Get("/metrics");

        Assert.Equal(200, reply.Status);
        Assert.Contains("orleanssync_writes", reply.Text);
        Assert.Contains("outcome=\"applied\"", reply.Text);
    }

    [Fact]
    public async Task Every_route_is_described()
    {
        var document = (await gateway.Get("/openapi/v1.json")).Json;

        var paths = document["paths"]!.AsObject();
        var names = paths.SelectMany(path => path.Value!.AsObject()).Select(operation => (string?)operation.Value!["operationId"]).ToArray();
        Assert.Contains("/v1/collections/{collection}/records/{record}", paths.Select(path => path.Key));
        foreach (var name in new[] { "ListCollections", "PutCollection", "ReadCollection", "ListRecords", "CreateRecord", "ReadRecord", "PutRecord", "PatchRecord", "DeleteRecord", "ReadHistory", "WriteAll", "ReadTime", "ListConflicts", "ReadConflict", "ClaimConflict", "ReleaseConflict", "ResolveConflict" })
            Assert.Contains(name, names);
        Assert.NotEqual(true, (bool?)paths["/v1/collections/{collection}/records/{record}/conflict/claim"]!["post"]!["requestBody"]!["required"]);
    }

    [Theory]
    [InlineData("/v1/time")]
    [InlineData("/v1/collections")]
    [InlineData("/v1/collections/nothing-here")]
    public async Task What_has_no_tag_is_not_stored(string path) =>
        Assert.Equal("no-store", (await gateway.Get(path)).Header("Cache-Control"));
}
