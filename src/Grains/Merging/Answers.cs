using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>The decisions there are, put together once.</summary>
internal static class Answers
{
    public static Decision Invalid(Question question, Problem problem) => new()
    {
        Outcome = Outcome.Invalid,
        Problem = problem,
        State = question.State,
        Timestamp = question.Sent,
    };

    public static Decision Rejected(Question question, Problem problem, IReadOnlyList<FieldOutcome>? fields = null) => new()
    {
        Outcome = Outcome.Rejected,
        Problem = problem,
        State = question.State,
        Fields = fields ?? [],
        Wanted = Wanted.By(question),
        Timestamp = question.Sent,
    };

    public static Decision Concurrent(Question question, IReadOnlyList<FieldOutcome> fields) => Rejected(
        question, new(Codes.ConcurrentEdit, "The record was edited since. Read it again and decide anew."), [.. fields.Where(field => field.Kept != Kept.Held)]);

    /// <summary>Nothing of it is to be seen, but it may have to be remembered: in a state of the same version.</summary>
    public static Decision Superseded(Question question, MergeState quietly, IReadOnlyList<FieldOutcome> fields) => new()
    {
        Outcome = Outcome.Superseded,
        State = quietly,
        Fields = fields,
        Wanted = Wanted.By(question),
        Timestamp = question.Sent,
    };

    /// <summary>The next version.</summary>
    public static Decision NewVersion(
        Question question, MergeState after, IReadOnlyList<FieldOutcome> fields, IReadOnlyList<PathChange> wanted, IReadOnlyList<PathChange> changes)
    {
        var (wasLive, isLive) = (question.State is { Deleted: false }, !after.Deleted);
        return new()
        {
            Outcome = fields.Count == 0 ? Outcome.Applied : Outcome.Merged,
            State = after,
            MakesVersion = true,
            Created = isLive && !wasLive,
            Fields = fields,
            Wanted = wanted,
            Changes = changes,
            Timestamp = question.Sent,
        };
    }

    public static Decision Gone(Question question) => Rejected(
        question, new(Codes.Gone, "The record was deleted. Put it to create it anew."));

    public static Decision BaseRequired(Question question) => Invalid(
        question, new(Codes.BaseRequired, "Under this policy a write to what exists must say which version it saw: give its base."));
}
