using System.Text;
using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Callers;

[Collection("guarded gateway")]
public sealed class ShowingAToken(GuardedGateway gateway)
{
    private readonly string _record = $"/v1/collections/{RunningGateway.NewCollection()}/records/t1";

    [Fact]
    public async Task Its_subject_is_the_author()
    {
        var reply = await gateway.Put(_record, "{}", GuardedGateway.TokenFor("ada"));

        Assert.Equal((201, "ada"), (reply.Status, (string?)reply.Json["record"]!["author"]));
    }

    [Fact]
    public async Task Without_one_only_what_is_everybodys_is_open()
    {
        var read = await gateway.Get(_record);
        var write = await gateway.Put(_record, "{}");
        var time = await gateway.Get("/v1/time");

        Assert.Equal((401, "unauthorized", "Bearer"), (read.Status, read.Code, read.Header("WWW-Authenticate")));
        Assert.Equal((401, "unauthorized", "Bearer"), (write.Status, write.Code, write.Header("WWW-Authenticate")));
        Assert.Equal(200, time.Status);
    }

    public static readonly TheoryData<string, string> BadTokens = new()
    {
        { "signed with another key", GuardedGateway.TokenFor("ada", key: "another key that has more than 32 bytes too") },
        { "expired", GuardedGateway.TokenFor("ada", expires: DateTime.UtcNow.AddSeconds(-10)) },
        { "without exp", GuardedGateway.TokenFor("ada", expiring: false) },
        { "without sub", GuardedGateway.TokenFor(null) },
        { "with an empty sub", GuardedGateway.TokenFor("") },
        { "with the reserved sub", GuardedGateway.TokenFor("anonymous") },
        { "with the server's own sub", GuardedGateway.TokenFor("orleanssync") },
        { "with another algorithm", GuardedGateway.TokenFor("ada", algorithm: "HS512", key: GuardedGateway.Key + GuardedGateway.Key) },
        { "unsigned", Unsigned() },
        { "cut off", GuardedGateway.TokenFor("ada")[..^2] },
        { "no token at all", "rubbish" },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task One_that_does_not_hold_is_refused(string why, string token)
    {
        var reply = await gateway.Get("/v1/collections", token);

        Assert.True((401, "unauthorized") == (reply.Status, reply.Code), why);
        Assert.DoesNotContain("IDX", reply.Text);
    }

    [Fact]
    public async Task Another_scheme_is_refused() =>
        Assert.Equal(401, (await gateway.Get("/v1/collections", null, ("Authorization", "Basic YWRhOmFkYQ=="))).Status);

    [Fact]
    public async Task In_the_address_it_does_not_count_for_rest() =>
        Assert.Equal(401, (await gateway.Get($"{_record}?access_token={GuardedGateway.TokenFor("ada")}")).Status);

    [Fact]
    public async Task Only_an_admin_changes_settings()
    {
        var path = _record[.._record.IndexOf("/records", StringComparison.Ordinal)];

        Assert.Equal(401, (await gateway.Put(path, "{}")).Status);
        Assert.Equal(403, (await gateway.Put(path, "{}", GuardedGateway.TokenFor("ada"))).Status);
        Assert.Equal(201, (await gateway.Put(path, "{}", GuardedGateway.TokenFor("root", ["admin"]))).Status);
    }

    [Fact]
    public async Task Only_an_admin_purges()
    {
        var ada = GuardedGateway.TokenFor("ada");
        await gateway.Put(_record, "{}", ada);

        Assert.Equal(403, (await gateway.Delete(_record + "?purge=true", ada)).Status);
        Assert.Equal(200, (await gateway.Delete(_record + "?purge=true", GuardedGateway.TokenFor("root", ["admin"]))).Status);
    }

    [Fact]
    public async Task New_lists_hold_at_once()
    {
        var admin = GuardedGateway.TokenFor("root", ["admin"]);
        var ada = GuardedGateway.TokenFor("ada");
        var path = _record[.._record.IndexOf("/records", StringComparison.Ordinal)];
        Assert.Equal(201, (await gateway.Put(_record, "{}", ada)).Status);

        await gateway.Put(path, """{"access":{"read":["*"],"write":["user:bob"]}}""", admin);

        Assert.Equal((403, "forbidden"), await StatusAndCode(gateway.Put(_record, "{}", ada)));
        Assert.Equal(200, (await gateway.Put(_record, "{}", GuardedGateway.TokenFor("bob"))).Status);
        Assert.Equal(200, (await gateway.Get(_record)).Status);
        Assert.Equal((401, "unauthorized"), await StatusAndCode(gateway.Put(_record, "{}")));
    }

    [Fact]
    public async Task A_batch_asks_for_each_write()
    {
        var admin = GuardedGateway.TokenFor("root", ["admin"]);
        var (mine, theirs) = (RunningGateway.NewCollection(), RunningGateway.NewCollection());
        await gateway.Put($"/v1/collections/{theirs}", """{"access":{"write":["editor"]}}""", admin);
        var batch = $$$"""{"writes":[{"collection":"{{{theirs}}}","record":"a","op":"put","data":{}},{"collection":"{{{mine}}}","record":"a","op":"put","data":{}}]}""";

        var results = (await gateway.Post("/v1/writes", batch, GuardedGateway.TokenFor("ada"))).Json["results"]!;

        Assert.Equal("forbidden", (string?)results[0]!["code"]);
        Assert.Equal("applied", (string?)results[1]!["outcome"]);
    }

    private static async Task<(int, string?)> StatusAndCode(Task<Reply> reply) => ((await reply).Status, (await reply).Code);

    private static string Unsigned()
    {
        static string Part(JsonObject json) => Convert.ToBase64String(Encoding.UTF8.GetBytes(json.ToJsonString())).TrimEnd('=');
        return $"{Part(new() { ["alg"] = "none" })}.{Part(new() { ["sub"] = "ada", ["exp"] = 4102444800 })}.";
    }
}
