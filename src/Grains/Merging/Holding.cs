using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Writes of which something waits for a person: it joins the record's conflict, and what does not wait takes effect.</summary>
internal static class Holding
{
    /// <param name="root">The record with what took effect.</param>
    public static Decision Decide(Question question, MergeState state, Node root, Contest contest) =>
        Decide(question, state, root, contest.Held, contest.Fields, contest.Wanted);

    public static Decision Decide(
        Question question, MergeState state, Node root, IReadOnlyList<HeldValue> held, IReadOnlyList<FieldOutcome> fields, IReadOnlyList<PathChange> wanted)
    {
        var (conflict, full) = Conflicts.Joined(question, state, held, state.Deleted ? null : NodeText.Write(root));
        if (full is not null) return Answers.Rejected(question, full);
        return new()
        {
            Outcome = Outcome.Held,
            State = state.Next(root, state.Erased, conflict),
            MakesVersion = true,
            Fields = fields,
            Changes = state.Deleted ? [] : HistoryDiff.Between(state.Root, root),
            Wanted = wanted,
            Timestamp = question.Sent,
        };
    }
}
