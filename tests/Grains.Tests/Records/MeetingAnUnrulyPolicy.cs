using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>A custom policy is somebody else's code in our process: whatever it does, it costs the write that asked for it, and no other record anything.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class MeetingAnUnrulyPolicy(RunningSilo silo) : IAsyncLifetime
{
    private static readonly Dictionary<string, Func<ContestedPath, JsonElement?>> Faults = new()
    {
        ["throws"] = _ => throw new InvalidOperationException("of its own"),
        ["seems to be our own time-out"] = _ => throw new TimeoutException("of its own"),
        ["seems to be refused"] = _ => throw new RefusedException(Codes.Forbidden, "of its own"),
        ["gives no value"] = _ => default(JsonElement),
        ["gives a value that is disposed of"] = _ => Disposed(),
        ["gives a member twice"] = _ => Json("""{"a":1,"a":2}"""),
        ["gives an empty name"] = _ => Json("""{"":1}"""),
        ["gives a reserved name"] = _ => Json("""{"$increment":1}"""),
        ["gives a number beyond all numbers"] = _ => Json("1e999"),
        ["gives half a character"] = _ => Json("\"\\ud800\""),
        ["gives what is too deep where it stands"] = _ => Json(new string('[', 32) + new string(']', 32)),
    };

    private readonly string _collection = silo.NewCollection();

    private UnrulyPolicy Policy => silo.Services.GetServices<ICustomPolicy>().OfType<UnrulyPolicy>().Single();

    private KeptLog Log => silo.Services.GetServices<ILoggerProvider>().OfType<KeptLog>().Single();

    public static TheoryData<string> EveryFault => [.. Faults.Keys];

    public async Task InitializeAsync() =>
        await silo.Collection(_collection).Put(new() { Fields = new Dictionary<string, string> { ["a"] = "custom:unruly", ["gone"] = "custom:gone" } });

    public Task DisposeAsync()
    {
        Policy.Does = path => path.Current.Value;
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(EveryFault))]
    public async Task A_write_it_fails_on_is_internal_and_changes_nothing(string fault)
    {
        await Contest("r");
        Policy.Does = Faults[fault];

        var result = await Write("r", """{"a":3,"b":3}""", "w");

        Assert.Equal((Outcome.Invalid, Codes.Internal), (result.Outcome, result.Problem!.Code));
        var record = await silo.Record(_collection, "r").Read();
        Assert.Equal((2, """{"a":2}"""), (record!.Version, record.Text()));
        Assert.Equal(2, (await silo.Record(_collection, "r").ReadHistory(long.MaxValue, 10))!.Entries.Count);
    }

    [Fact]
    public async Task Its_name_and_what_it_threw_are_for_the_log_alone()
    {
        await Contest("r");
        Policy.Does = Faults["throws"];

        var result = await Write("r", """{"a":3}""");

        Assert.DoesNotContain("unruly", result.Problem!.Detail);
        Assert.DoesNotContain("of its own", result.Problem.Detail);
        Assert.Contains(Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal)
            && line.Contains($"{_collection}/r") && line.Contains("custom:unruly") && line.Contains("of its own"));
    }

    [Fact]
    public async Task A_gateway_in_another_process_learns_which_ones_there_are() => Assert.Equal(
        ["max", "unruly"], (await silo.OtherProcess.GetGrain<ICollectionReaderGrain>(0).ReadPolicies()).Order());

    [Fact]
    public async Task Once_it_is_mended_the_same_write_counts()
    {
        await Contest("r");
        Policy.Does = Faults["throws"];
        await Write("r", """{"a":3}""", "w");
        Policy.Does = path => path.Incoming.Value;

        var again = await Write("r", """{"a":3}""", "w");

        Assert.Equal((Outcome.Merged, false), (again.Outcome, again.Replayed));
        Assert.Equal("""{"a":3}""", again.Record.Text());
    }

    [Fact]
    public async Task One_that_this_silo_does_not_know_fails_alike()
    {
        await silo.Record(_collection, "r").Write(Writes.Put(_collection, "r", """{"gone":1}"""));

        var result = await Write("r", """{"gone":2}""", seen: 0);

        Assert.Equal(Codes.Internal, result.Problem!.Code);
        Assert.Contains(Log.Lines, line => line.Contains("custom:gone") && line.Contains("not registered"));
    }

    [Fact]
    public async Task While_it_takes_its_time_other_records_go_on()
    {
        using var asked = new SemaphoreSlim(0);
        using var mayGoOn = new ManualResetEventSlim();
        await Contest("slow");
        Policy.Does = path =>
        {
            asked.Release();
            mayGoOn.Wait();
            return path.Incoming.Value;
        };

        var slow = Write("slow", """{"a":3}""");
        await asked.WaitAsync();
        var others = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => silo.Record(_collection, $"r{n}").Write(Writes.Put(_collection, $"r{n}", "{}"))));

        Assert.All(others, other => Assert.Equal(Outcome.Applied, other.Outcome));
        Assert.False(slow.IsCompleted);
        mayGoOn.Set();
        Assert.Equal(Outcome.Merged, (await slow).Outcome);
    }

    [Fact]
    public void One_that_takes_its_time_is_named_in_the_log()
    {
        var clock = new FakeTimeProvider();
        using var log = new KeptLog();
        using var logs = new LoggerFactory([log]);
        var slow = new UnrulyPolicy { Does = Lingering(clock, 101) };

        new CustomPolicies([slow], clock, logs.CreateLogger<CustomPolicies>()).Ask("custom:unruly", Asked);

        Assert.Contains("custom:unruly took 101 ms", Assert.Single(log.Lines));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Longest")]
    [InlineData("two words")]
    public void A_wrong_name_ends_the_start(string name)
    {
        var failure = Assert.Throws<CustomPolicyException>(() => Start(new Named(name)));

        Assert.StartsWith($"Custom policy Named: '{name}' is no name", failure.Message);
    }

    [Fact]
    public void Two_of_one_name_end_the_start()
    {
        var failure = Assert.Throws<CustomPolicyException>(() => Start(new MaxPolicy(), new Named("max")));

        Assert.StartsWith("Custom policy Named: another one is named 'max'", failure.Message);
    }

    private static CustomPolicies Start(params ICustomPolicy[] policies) =>
        new(policies, TimeProvider.System, NullLogger<CustomPolicies>.Instance);

    /// <summary>A record whose "a" was changed once, at version 2.</summary>
    private async Task Contest(string record)
    {
        await silo.Record(_collection, record).Write(Writes.Put(_collection, record, """{"a":1}"""));
        await silo.Record(_collection, record).Write(Writes.Patch(_collection, record, """{"a":2}""") with { Base = 1 });
    }

    /// <summary>Writes what its author decided at version 1.</summary>
    private Task<WriteResult> Write(string record, string data, string? id = null, long seen = 1) =>
        silo.Record(_collection, record).Write(Writes.Patch(_collection, record, data, id) with { Base = seen, Author = "bob" });

    private static readonly ContestedPath Asked = new("a", null, new(null, default, "ada"), new(null, default, "bob"));

    private static Func<ContestedPath, JsonElement?> Lingering(FakeTimeProvider clock, int milliseconds) => _ =>
    {
        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        return null;
    };

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static JsonElement Disposed()
    {
        using var document = JsonDocument.Parse("{}");
        return document.RootElement;
    }

    private sealed class Named(string name) : ICustomPolicy
    {
        public string Name => name;

        public JsonElement? Resolve(ContestedPath path) => null;
    }
}
