using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>A write and all that its decision depends on.</summary>
internal sealed class Question
{
    public Question(MergeState? state, Write write, CollectionSettings settings, Timestamp clock, byte[]? baseData, CustomPolicies customs)
    {
        State = state;
        Clock = clock;
        Write = write;
        Settings = settings;
        BaseData = baseData;
        Customs = customs;
        Now = state is null ? clock : Timestamp.Later(clock, state.LatestSeen.Next);
        Sent = write.Timestamp ?? Now;
        Own = new Stamp(Sent, write.Author, write.Client, write.Id);
        Base = write.Base ?? write.Precondition.Kind switch
        {
            PreconditionKind.Version => write.Precondition.Version,
            PreconditionKind.NotLive => 0,
            _ => null,
        };
        Mark = new ChangeMark((state?.Version ?? 0) + 1, write.Author, write.Client, Sent);
    }

    public MergeState? State { get; }
    public Write Write { get; }
    public CollectionSettings Settings { get; }
    public CustomPolicies Customs { get; }

    /// <summary>The data at the base, when it is an older one and history still knows it.</summary>
    public byte[]? BaseData { get; }

    /// <summary>The server's clock.</summary>
    public Timestamp Clock { get; }

    /// <summary>The server's clock, or one tick past anything the record has seen.</summary>
    public Timestamp Now { get; }

    /// <summary>The write's timestamp as sent; now when it has none.</summary>
    public Timestamp Sent { get; }

    /// <summary>The stamp of what nothing moves.</summary>
    public Stamp Own { get; }

    /// <summary>The version its author was looking at, as far as it is known.</summary>
    public long? Base { get; }

    /// <summary>What is remembered of values that it changes.</summary>
    public ChangeMark Mark { get; }

    public bool IsPut => Write.Op == WriteOp.Put;

    /// <summary>Whether a value that was changed so, and is stamped so, was changed without the writer knowing.</summary>
    public bool IsConcurrent(ChangeMark? changed, Stamp? stamp, bool sameValue) => Base is { } seen
        ? changed is not null && changed.Version > seen && !sameValue && !changed.IsOwnEarlierEditOf(Write, Sent)
        : stamp is not null && stamp > Own;

    public string PolicyOf(string path)
    {
        var policy = Settings.Policy;
        var longest = -1;
        foreach (var (covering, its) in Settings.Fields)
            if (covering.Length > longest && Covers(covering, path))
                (policy, longest) = (its, covering.Length);
        return policy;
    }

    private static bool Covers(string covering, string path) =>
        covering.Length == 0
        || (path.StartsWith(covering, StringComparison.Ordinal) && (path.Length == covering.Length || path[covering.Length] == '.'));

    /// <summary>True when values of this policy could be there.</summary>
    public bool Knows(string policy) => Settings.Policy == policy || (Settings.Fields.Count > 0 && Settings.Fields.Values.Contains(policy));

    /// <summary>True when there could be values that nobody may change without saying what they saw.</summary>
    public bool CanNeedBase => Knows(CollectionSettings.Reject) || Knows(CollectionSettings.Manual);

    /// <summary>True for a path whose policy asks writers to say what they saw.</summary>
    public bool NeedsBase(string path) => PolicyOf(path) is CollectionSettings.Reject or CollectionSettings.Manual;
}
