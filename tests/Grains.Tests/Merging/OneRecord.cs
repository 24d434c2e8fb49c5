using Microsoft.Extensions.Logging.Abstractions;
using OrleansSync.Grains.Merging;
using OrleansSync.Grains.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>A record that is nothing but decisions: keeps its state, and of every version the data, as history would.</summary>
internal sealed class OneRecord(CollectionSettings? settings = null)
{
    /// <summary>The server's clock, past all timestamps that tests send.</summary>
    public const int Now = 1000;

    private static readonly CustomPolicies Policies = new([new MaxPolicy(), new ToldPolicy()], TimeProvider.System, NullLogger<CustomPolicies>.Instance);

    private readonly CollectionSettings _settings = settings ?? CollectionSettings.Default;
    private readonly List<byte[]?> _versions = [null];
    private readonly List<Decision> _decisions = [];
    private readonly List<HistoryEntry> _entries = [];

    public MergeState? State { get; private set; }

    /// <summary>The second that the server's clock shows.</summary>
    public int Clock { get; set; } = Now;

    public Conflict? Conflict => State?.Conflict;

    /// <summary>The live data; null for a tombstone and for a record that never was.</summary>
    public string? Data => Edits.Text(State?.Data);

    public long Version => State?.Version ?? 0;

    /// <summary>The live data of each version, by number; 0 = before the first.</summary>
    public IReadOnlyList<byte[]?> Versions => _versions;

    public IReadOnlyList<Decision> Decisions => _decisions;

    /// <summary>What history keeps of all that was not invalid, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> Entries => _entries;

    /// <summary>Decides the write and goes on from there.</summary>
    public Decision Do(Write write)
    {
        var decision = Ask(write);
        _decisions.Add(decision);
        if (decision.Outcome != Outcome.Invalid)
            _entries.Add(RecordCommits.Of(write, decision, State, _entries.Count + 1, Edits.Second(Clock)).Entry);
        State = decision.State;
        if (decision.MakesVersion)
            _versions.Add(State!.Data);
        return decision;
    }

    /// <summary>Does several, for what they leave behind.</summary>
    public OneRecord After(params ReadOnlySpan<Write> writes)
    {
        foreach (var write in writes)
            Do(write);
        return this;
    }

    /// <summary>What the write would do.</summary>
    public Decision Ask(Write write)
    {
        var wanted = MergeEngine.NeedsBaseData(State, write, _settings);
        var baseData = wanted is { } version ? _versions[(int)version] : null;
        return MergeEngine.Decide(State, write, _settings, Edits.Second(Clock), baseData, Policies);
    }

    /// <summary>Loses its memory and reads it back as it was stored.</summary>
    public OneRecord Reload()
    {
        if (State is not null)
            State = MergeState.Load(State.Save("w"));
        return this;
    }
}
