using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Micro;

/// <summary>One decision of the merge engine on a record that is in memory: no grain, no store.</summary>
public class Merging
{
    private static readonly CustomPolicies Policies = new([], TimeProvider.System, NullLogger<CustomPolicies>.Instance);
    private static readonly CollectionSettings Manual = CollectionSettings.Default with { Policy = CollectionSettings.Manual };

    private readonly Timestamp _now = Sample.Second(100);
    private MergeState _state = null!;
    private byte[] _first = null!;
    private Write _patch = null!;
    private Write _increment = null!;
    private Write _stale = null!;

    [Params(10, 100)]
    public int Fields { get; set; }

    /// <summary>A record at version 2: its title was changed by somebody. Whoever saw version 1 has not seen that.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        var born = Decide(null, Sample.Write(WriteOp.Put, Sample.Data(Fields), 1, null, "ada"), CollectionSettings.Default, null).State!;
        _first = born.Data!;
        _state = Decide(born, Sample.Write(WriteOp.Patch, """{"title":"Buy oat milk"}""", 2, 1, "bob"), CollectionSettings.Default, null).State!;
        _patch = Sample.Write(WriteOp.Patch, """{"title":"Buy milk and rye bread","priority":4}""", 3, 2, "cleo");
        _increment = Sample.Write(WriteOp.Patch, """{"priority":{"$increment":1}}""", 3, 2, "cleo");
        _stale = Sample.Write(WriteOp.Patch, """{"title":"Buy milk and rye bread","priority":4}""", 3, 1, "cleo");
        Expect(Outcome.Applied, Patch());
        Expect(Outcome.Applied, Increment());
        Expect(Outcome.Merged, StalePatch());
        Expect(Outcome.Held, HeldPatch());
    }

    [Benchmark(Description = "a patch of two fields")]
    public object Patch() => Decide(_state, _patch, CollectionSettings.Default, null);

    [Benchmark(Description = "an increment")]
    public object Increment() => Decide(_state, _increment, CollectionSettings.Default, null);

    [Benchmark(Description = "a stale patch, merged")]
    public object StalePatch() => Decide(_state, _stale, CollectionSettings.Default, null);

    [Benchmark(Description = "a stale patch, held for a person")]
    public object HeldPatch() => Decide(_state, _stale, Manual, _first);

    [Benchmark(Description = "saving the state")]
    public object Save() => _state.Save("w-2");

    private Decision Decide(MergeState? state, Write write, CollectionSettings settings, byte[]? baseData) =>
        MergeEngine.Decide(state, write, settings, _now, baseData, Policies);

    private static void Expect(Outcome outcome, object decision)
    {
        if (((Decision)decision).Outcome is var seen && seen != outcome) throw new InvalidOperationException($"It is {seen}, and not {outcome}: another thing would be measured.");
    }
}
