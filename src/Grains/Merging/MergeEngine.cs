using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Decides what one write does to one record (protocol §4). The same inputs give the same outcome, on every node.</summary>
internal static class MergeEngine
{
    /// <summary>The version whose data an exact decision needs from history; null when none is.</summary>
    public static long? NeedsBaseData(MergeState? state, Write write, CollectionSettings settings)
    {
        if (state is null || write.IsOfConflict) return null;
        var seen = write.Base ?? (write.Precondition.Kind == PreconditionKind.Version ? write.Precondition.Version : 0);
        if (seen <= 0 || seen >= state.Version) return null;
        // What waits for a person is shown beside what its writer saw.
        if (Asks(settings, policy => policy == CollectionSettings.Manual)) return seen;
        if (state.Deleted || write.Op == WriteOp.Delete) return null;
        return (write.Op == WriteOp.Put && settings.Granularity == Granularity.Field) || Asks(settings, IsCustom) ? seen : null;
    }

    private static bool Asks(CollectionSettings settings, Func<string, bool> policy) =>
        policy(settings.Policy) || (settings.Fields.Count > 0 && settings.Fields.Values.Any(policy));

    private static bool IsCustom(string policy) => policy.StartsWith(CollectionSettings.CustomPrefix, StringComparison.Ordinal);

    /// <param name="now">The server's clock; a write without timestamp comes after all that the record has seen, too.</param>
    /// <param name="baseData">The data at the version that <see cref="NeedsBaseData"/> named; null when it is forgotten.</param>
    public static Decision Decide(
        MergeState? state, Write write, CollectionSettings settings, Timestamp now, byte[]? baseData, CustomPolicies policies)
    {
        var question = new Question(state, write, settings, now, baseData, policies);
        if (Unmet(state, write.Precondition) is { } unmet) return Answers.Rejected(question, unmet);
        if (question.Base > (state?.Version ?? 0))
            return Answers.Invalid(question, new(Codes.Malformed, $"The base {question.Base} is above the record's version {state?.Version ?? 0}."));
        if (write.IsOfConflict) return Claims.Decide(question, state);
        if (state is null) return Births.Decide(question);
        if (write.Op == WriteOp.Delete) return Deletes.Decide(question, state);
        if (state.Deleted) return Revivals.Decide(question, state);
        return settings.Granularity == Granularity.Record ? WholeEdits.Decide(question, state) : FieldEdits.Decide(question, state);
    }

    private static Problem? Unmet(MergeState? state, Precondition precondition)
    {
        var live = state is { Deleted: false };
        return precondition.Kind switch
        {
            PreconditionKind.Version when state?.Version != precondition.Version => Mismatch(state),
            PreconditionKind.Live when !live => Mismatch(state),
            PreconditionKind.Never => Mismatch(state),
            PreconditionKind.NotLive when live => new(Codes.Exists, $"The record exists, at version {state!.Version}."),
            _ => null,
        };
    }

    private static Problem Mismatch(MergeState? state) => new(
        Codes.VersionMismatch, state is null ? "There is no such record." : $"The record is at version {state.Version}{(state.Deleted ? ", deleted" : "")}.");
}
