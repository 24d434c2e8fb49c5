using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>
/// What people ask of a record's open conflict (protocol §6): to claim it, so that nobody else works on it meanwhile, to let go of it, to
/// settle it. Each is a version of the record; only settling is an edit.
/// </summary>
internal static class Claims
{
    public static Decision Decide(Question question, MergeState? state)
    {
        if (state?.Conflict is not { } conflict) return Answers.Rejected(question, NoConflict);
        var (write, standing) = (question.Write, Conflicts.Standing(conflict, question.Clock));
        if (standing is not null && !standing.IsOf(write.Author, write.Client)) return Answers.Rejected(question, Claimed(standing));
        return write.Op switch
        {
            WriteOp.Claim => Claim(question, state, conflict),
            WriteOp.Release => Release(question, state, conflict),
            _ => Resolutions.Decide(question, state, conflict),
        };
    }

    private static Decision Claim(Question question, MergeState state, Conflict conflict)
    {
        var lasts = TimeSpan.FromSeconds(question.Write.ClaimSeconds ?? question.Settings.ClaimSeconds);
        var claim = new Claim(question.Write.Author, question.Write.Client, question.Clock + lasts);
        return Answers.NewVersion(question, state.Next(state.Root, state.Erased, conflict with { Claim = claim }), [], [], []);
    }

    private static Decision Release(Question question, MergeState state, Conflict conflict)
    {
        if (conflict.Claim is not null)
            return Answers.NewVersion(question, state.Next(state.Root, state.Erased, conflict with { Claim = null }), [], [], []);
        return new() { Outcome = Outcome.Applied, State = state, Timestamp = question.Sent };
    }

    private static readonly Problem NoConflict = new(Codes.NotFound, "The record has no open conflict.");

    private static Problem Claimed(Claim claim) => new(
        Codes.Claimed, $"{claim.Author} has claimed the conflict until {claim.Until}. Wait for that, or ask them to release it.");
}
