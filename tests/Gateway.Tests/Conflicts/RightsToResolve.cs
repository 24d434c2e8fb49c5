using System.Text.Json.Nodes;
using OrleansSync.Gateway.Tests.Sockets;

namespace OrleansSync.Gateway.Tests.Conflicts;

/// <summary>Who may work on conflicts, over every transport (protocol §5).</summary>
[Collection("guarded gateway")]
public sealed class RightsToResolve(GuardedGateway gateway)
{
    private const string Ada = "ada", Bob = "bob";

    private static readonly string Admin = GuardedGateway.TokenFor("root", ["admin"]);

    private readonly string _collection = RunningGateway.NewCollection();

    private HeldRecords Held => new(gateway, _collection);

    public static TheoryData<string> Doors => ["rest", "socket", "json", "messagepack"];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Only_who_is_on_the_list_works_on_conflicts(string door)
    {
        await Held.SetUp("""{"policy":"manual","access":{"read":["*"],"write":["authenticated"],"resolve":["editor"]}}""", Admin);
        await Held.Disagree("a", Token(Ada));

        foreach (var (op, members) in Calls)
        {
            Assert.Equal("invalid forbidden", await Asked(door, Token(Ada), op, members));
            Assert.Equal("invalid unauthorized", await Asked(door, null, op, members));
        }
        Assert.Equal(3, (long)(await Held.Read("a"))["version"]!);
        foreach (var (op, members) in Calls) Assert.Equal("applied", await Asked(door, Token("eve", "editor"), op, members));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Resolving_does_not_need_the_right_to_write(string door)
    {
        await Held.SetUp("""{"policy":"manual","access":{"write":["user:ada"],"resolve":["user:bob"]}}""", Admin);
        await Held.Disagree("a", Token(Ada));

        Assert.Equal("applied", await Asked(door, Token(Bob), "resolve", Calls[2].Members));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task The_conflict_of_somebody_elses_record_is_not_there(string door)
    {
        await Held.SetUp("""{"policy":"manual","access":{"owner":"ownerId"}}""", Admin);
        await Held.Disagree("a", Token(Ada), """{"title":"Milk","ownerId":"ada"}""");
        await Held.DisagreeOverTombstone("b", Token(Ada), """{"title":"Milk","ownerId":"ada"}""");

        foreach (var (op, members) in Calls)
        {
            Assert.Equal("rejected not-found", await Asked(door, Token(Bob), op, members));
            Assert.Equal("rejected not-found", await Asked(door, Token(Bob), op, members, "b"));
        }
        foreach (var (op, members) in Calls)
        {
            Assert.Equal("applied", await Asked(door, Token(Ada), op, members));
            Assert.Equal("applied", await Asked(door, Token(Ada), op, members, "b"));
        }
    }

    [Fact]
    public async Task An_owner_sees_their_own_conflicts_and_nobody_elses()
    {
        await Held.SetUp("""{"policy":"manual","access":{"owner":"ownerId"}}""", Admin);
        await Held.Disagree("a", Token(Ada), """{"title":"Milk","ownerId":"ada"}""");
        await Held.DisagreeOverTombstone("b", Token(Ada), """{"title":"Milk","ownerId":"ada"}""");
        await Held.Disagree("c", Token(Bob), """{"title":"Milk","ownerId":"bob"}""");

        Assert.Equal(["a", "b"], await Listed(Ada));
        Assert.Equal(["c"], await Listed(Bob));
        Assert.Equal((200, 404), ((await gateway.Get(Held.Record("a") + "/conflict", Token(Ada))).Status, (await gateway.Get(Held.Record("a") + "/conflict", Token(Bob))).Status));
        Assert.Equal((200, 404), ((await gateway.Get(Held.Record("b") + "/conflict", Token(Ada))).Status, (await gateway.Get(Held.Record("b") + "/conflict", Token(Bob))).Status));
        Assert.Equal((410, 404), ((await gateway.Get(Held.Record("b"), Token(Ada))).Status, (await gateway.Get(Held.Record("b"), Token(Bob))).Status));
    }

    [Fact]
    public async Task An_owners_feed_has_the_conflicts_over_their_own_tombstones()
    {
        await Held.SetUp("""{"policy":"manual","access":{"owner":"ownerId"}}""", Admin);
        await using var adas = await Following(Token(Ada));
        await using var bobs = await Following(Token(Bob));

        await Held.DisagreeOverTombstone("b", Token(Ada), """{"title":"Milk","ownerId":"ada"}""");
        await gateway.Put(Held.Record("z"), """{"ownerId":"ada"}""", Token(Ada));
        await gateway.Put(Held.Record("z2"), """{"ownerId":"bob"}""", Token(Bob));

        Assert.Equal(["upsert b 1", "delete b 2", "delete b 3", "upsert z 1"], await Seen(adas, 4));
        Assert.Equal(["upsert z2 1"], await Seen(bobs, 1));
    }

    [Fact]
    public async Task Without_a_token_nothing_of_a_conflict_is_shown()
    {
        await Held.SetUp("""{"policy":"manual"}""", Admin);
        await Held.Disagree("a", Token(Ada));

        foreach (var path in new[] { Held.Record("a") + "/conflict", Held.Path + "/conflicts" })
        {
            var reply = await gateway.Get(path);
            Assert.Equal((401, "unauthorized"), (reply.Status, reply.Code));
            Assert.DoesNotContain("milk", reply.Text);
        }
    }

    private static readonly (string Op, string Members)[] Calls =
        [("claim", "{}"), ("release", "{}"), ("resolve", """{"choices":{},"expect":1}""")];

    private static string Token(string name, params string[] roles) => GuardedGateway.TokenFor(name, roles);

    private async Task<string> Asked(string door, string? token, string op, string members, string record = "a")
    {
        await using var opened = await DoorsOf(door).Open(gateway, token);
        var result = await opened.Ask(op, _collection, record, members);
        if ((string?)result["outcome"] != "applied") Assert.Null(result["record"]);
        return string.Join(' ', new[] { (string?)result["outcome"], (string?)result["code"] }.Where(word => word is not null));
    }

    private static IConflictDoors DoorsOf(string name) => name switch
    {
        "rest" => new RestDoors(),
        "socket" => new SocketDoors(),
        "json" => new HubDoors(packed: false),
        _ => new HubDoors(packed: true),
    };

    private async Task<IEnumerable<string>> Listed(string who) =>
        (await gateway.Get(Held.Path + "/conflicts", Token(who))).Json["records"]!.AsArray().Select(record => (string)record!["id"]!);

    private async Task<SocketClient> Following(string token)
    {
        var socket = await SocketClient.Greet(gateway, token);
        await socket.Ask($$"""{"type":"subscribe","ref":1,"collection":"{{_collection}}"}""");
        return socket;
    }

    private static async Task<List<string>> Seen(SocketClient socket, int count)
    {
        var seen = new List<string>();
        while (seen.Count < count)
            foreach (var change in (await socket.Receive("changes"))["changes"]!.AsArray())
                seen.Add($"{change!["type"]} {change["record"]?["id"] ?? change["id"]} {change["record"]?["version"] ?? change["version"]}");
        return seen;
    }
}
