using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Conflicts;

/// <summary>What every way to work on a conflict promises (protocol §6). One subclass for each transport.</summary>
public abstract class ConflictContract(RunningGateway gateway) : IAsyncLifetime
{
    private readonly string _collection = RunningGateway.NewCollection();
    private HeldRecords _held = null!;
    private IConflictDoor _door = null!;

    protected abstract IConflictDoors Doors { get; }

    public async Task InitializeAsync()
    {
        _held = new HeldRecords(gateway, _collection);
        await _held.SetUp();
        _door = await Doors.Open(gateway);
    }

    public async Task DisposeAsync() => await _door.DisposeAsync();

    [Fact]
    public async Task A_conflict_is_claimed_released_and_settled_once()
    {
        await _held.Disagree("a");

        var claimed = await Ask("claim", """{"seconds":60}""", "ada-1");
        var refused = await Ask("resolve", Take(1), "bob-1");
        var notTheirs = await Ask("release", "{}", "bob-1");
        var released = await Ask("release", "{}", "ada-1");
        var stale = await Ask("resolve", Take(2), "bob-1");
        var settled = await Ask("resolve", Take(1), "bob-1");
        var again = await Ask("resolve", Take(1), "bob-1");

        Assert.Equal("applied 4 anonymous", $"{Said(claimed)} {claimed["record"]!["conflict"]!["claimedBy"]}");
        Assert.InRange(Until(claimed), DateTimeOffset.UtcNow.AddSeconds(30), DateTimeOffset.UtcNow.AddSeconds(60));
        Assert.Equal("rejected claimed 4", Said(refused));
        Assert.Equal("rejected claimed 4", Said(notTheirs));
        Assert.Equal("applied 5", Said(released));
        Assert.Null(released["record"]!["conflict"]!["claimedBy"]);
        Assert.Equal("rejected moved-on 5", Said(stale));
        Assert.Equal("""applied 6 {"title":"Oat milk"}""", $"{Said(settled)} {Data(settled)}");
        Assert.Null(settled["record"]!["conflict"]);
        Assert.Equal("rejected not-found 6", Said(again));
    }

    [Fact]
    public async Task A_conflict_is_shown_whole()
    {
        await _held.Disagree("a");

        var conflict = (await Ask("claim", "{}", "ada-1"))["record"]!["conflict"]!.AsObject();

        Assert.Equal(
            ["id", "revision", "openedAt", "claimedBy", "claimedUntil", "fields", "candidates"], conflict.Select(member => member.Key));
        Assert.Equal("""{"title":{"base":"Milk","current":"Buy milk"}}""", conflict["fields"]!.ToJsonString());
        var candidate = conflict["candidates"]![0]!;
        Assert.Equal("""{"title":"Oat milk"}""", candidate["values"]!.ToJsonString());
        Assert.Equal(("bob-1", "patch", 1L), ((string)candidate["client"]!, (string)candidate["op"]!, (long)candidate["base"]!));
    }

    [Theory]
    [InlineData("""{"take":"current"}""", """{"title":"Buy milk"}""")]
    [InlineData("""{"take":"candidate","candidate":1}""", """{"title":"Oat milk"}""")]
    [InlineData("""{"value":null}""", """{"title":null}""")]
    [InlineData("""{"value":"null"}""", """{"title":"null"}""")]
    [InlineData("""{"value":{"a":[1,{"b":"\"x\""}]}}""", """{"title":{"a":[1,{"b":"\u0022x\u0022"}]}}""")]
    [InlineData("""{"remove":true}""", "{}")]
    public async Task What_is_chosen_stands(string choice, string data)
    {
        await _held.Disagree("a");

        var settled = await Ask("resolve", $$$"""{"choices":{"title":{{{choice}}}},"expect":1}""");

        Assert.Equal($"applied 4 {data}", $"{Said(settled)} {Data(settled)}");
        Assert.Equal(data, (await _held.Read("a"))["data"]!.ToJsonString());
    }

    [Fact]
    public async Task What_is_left_out_keeps_what_stands_and_history_says_who_decided_and_what_was_dropped()
    {
        await _held.Disagree("a");

        await Ask("resolve", """{"choices":{},"expect":1,"note":"as agreed"}""", "ada-1", "r-1");

        var entry = (await gateway.Get(_held.Record("a") + "/history")).Json["entries"]![0]!;
        Assert.Equal("""{"title":"Buy milk"}""", (await _held.Read("a"))["data"]!.ToJsonString());
        Assert.Equal(
            ("resolve", "applied", "as agreed", "ada-1", "r-1"),
            ((string?)entry["op"], (string?)entry["outcome"], (string?)entry["note"], (string?)entry["client"], (string?)entry["write"]));
        Assert.Equal(("""{"title":"Oat milk"}""", "bob-1"), (entry["discarded"]![0]!["values"]!.ToJsonString(), (string?)entry["discarded"]![0]!["client"]));
    }

    [Theory]
    [InlineData("claim", "{}")]
    [InlineData("release", "{}")]
    [InlineData("resolve", """{"choices":{},"expect":1}""")]
    public async Task A_resend_gets_the_first_answer(string op, string members)
    {
        await _held.Disagree("a");

        var first = await Ask(op, members, "ada-1", "w-1");
        await gateway.Patch(_held.Record("a"), """{"other":1}""", null, ("Sync-Base", "3"));
        var second = await Ask(op, members, "ada-1", "w-1");
        var other = await Ask(op == "claim" ? "release" : "claim", "{}", "ada-1", "w-1");

        Assert.Equal((Said(first), true), (Said(second), (bool?)second["replayed"]));
        Assert.Equal("invalid write-id-reused ", Said(other));
    }

    [Theory]
    [InlineData("claim", """{"seconds":0}""", "malformed")]
    [InlineData("claim", """{"seconds":86401}""", "malformed")]
    [InlineData("claim", """{"seconds":"300"}""", "malformed")]
    [InlineData("resolve", "{}", "malformed")]
    [InlineData("resolve", """{"choices":[],"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{}}""", "malformed")]
    [InlineData("resolve", """{"choices":{},"expect":0}""", "malformed")]
    [InlineData("resolve", """{"choices":{},"expect":"1"}""", "malformed")]
    [InlineData("resolve", """{"choices":{},"expect":1,"note":7}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{"take":"mine"}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{"take":"candidate"}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{"take":"candidate","candidate":2}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{"take":"current","value":null}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{"remove":false}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{"value":{"$increment":1}}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"other":{"take":"current"}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"a..b":{"take":"current"}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"":{"value":{}}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{"title":{"value":1},"title.x":{"value":2}},"expect":1}""", "malformed")]
    [InlineData("resolve", """{"choices":{},"expect":2}""", "moved-on")]
    [InlineData("resolve", """{"choices":{},"expect":1,"conflict":"c-9"}""", "moved-on")]
    public async Task What_is_refused_changes_nothing(string op, string members, string code)
    {
        await _held.Disagree("a");
        var before = await _held.Read("a");

        var refused = await Ask(op, members);

        Assert.Equal(code, (string?)refused["code"]);
        Assert.True(JsonNode.DeepEquals(before, await _held.Read("a")));
    }

    [Fact]
    public async Task A_value_has_the_limits_of_data()
    {
        await _held.Disagree("a");
        var deep = new string('[', 32) + new string(']', 32);

        var tooDeep = await Ask("resolve", $$$$"""{"choices":{"title":{"value":{{{{deep}}}}}},"expect":1}""");
        var tooLarge = await Ask("resolve", $$$$"""{"choices":{"title":{"value":"{{{{new string('x', 256 * 1024)}}}}"}},"expect":1}""");

        Assert.Equal(("invalid too-deep ", "invalid too-large "), (Said(tooDeep), Said(tooLarge)));
        Assert.Equal(3, (long)(await _held.Read("a"))["version"]!);
    }

    [Theory]
    [InlineData("claim", "{}")]
    [InlineData("release", "{}")]
    [InlineData("resolve", """{"choices":{},"expect":1}""")]
    public async Task Where_no_conflict_is_open_there_is_none_to_work_on(string op, string members)
    {
        await gateway.Put(_held.Record("calm"), "{}");
        var unknown = RunningGateway.NewCollection();

        Assert.Equal("rejected not-found 1", Said(await Ask(op, members, record: "calm")));
        Assert.Equal("rejected not-found ", Said(await Ask(op, members, record: "never")));
        Assert.Equal("rejected not-found ", Said(await _door.Ask(op, unknown, "never", members)));
        Assert.Equal(404, (await gateway.Get($"/v1/collections/{unknown}")).Status);
    }

    [Fact]
    public async Task Taking_an_edit_over_a_tombstone_brings_the_record_back()
    {
        await _held.DisagreeOverTombstone("a");

        var claimed = await Ask("claim", "{}");
        var settled = await Ask("resolve", """{"choices":{"":{"take":"candidate","candidate":1}},"expect":1}""");

        Assert.True((bool)claimed["record"]!["deleted"]!);
        Assert.Equal("""{"":{"title":"Oat milk"}}""", claimed["record"]!["conflict"]!["candidates"]![0]!["values"]!.ToJsonString());
        Assert.Equal("""applied 5 {"title":"Oat milk"}""", $"{Said(settled)} {Data(settled)}");
    }

    private Task<JsonObject> Ask(string op, string members, string? client = null, string? id = null, string record = "a") =>
        _door.Ask(op, _collection, record, members, client, id);

    private static string Take(int expect) => $$$"""{"choices":{"title":{"take":"candidate","candidate":1}},"expect":{{{expect}}}}""";

    /// <summary>Outcome, code if there is one, and the record's version.</summary>
    private static string Said(JsonObject result) =>
        string.Join(' ', new[] { (string?)result["outcome"], (string?)result["code"] }.Where(word => word is not null))
        + $" {result["record"]?["version"]}";

    private static string Data(JsonObject result) => result["record"]!["data"]!.ToJsonString();

    private static DateTimeOffset Until(JsonObject result) =>
        DateTimeOffset.Parse((string)result["record"]!["conflict"]!["claimedUntil"]!, System.Globalization.CultureInfo.InvariantCulture);
}

[Collection("gateway")]
public sealed class ConflictsOverHttp(RunningGateway gateway) : ConflictContract(gateway)
{
    protected override IConflictDoors Doors { get; } = new RestDoors();
}

[Collection("gateway")]
public sealed class ConflictsOverASocket(RunningGateway gateway) : ConflictContract(gateway)
{
    protected override IConflictDoors Doors { get; } = new SocketDoors();
}

[Collection("gateway")]
public sealed class ConflictsOverTheHubInJson(RunningGateway gateway) : ConflictContract(gateway)
{
    protected override IConflictDoors Doors { get; } = new HubDoors(packed: false);
}

[Collection("gateway")]
public sealed class ConflictsOverTheHubInMessagePack(RunningGateway gateway) : ConflictContract(gateway)
{
    protected override IConflictDoors Doors { get; } = new HubDoors(packed: true);
}
