using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Settles an open conflict as a person decided: what they chose stands, what they did not is named in the entry that says who decided.</summary>
internal static class Resolutions
{
    public static Decision Decide(Question question, MergeState state, Conflict conflict)
    {
        var resolution = question.Write.Resolution!;
        if (HasMoved(resolution, conflict)) return Answers.Rejected(question, MovedOn(conflict));
        if (resolution.ByTimestamp) return Settled(question, state, conflict, LatestChoices.Of(state, conflict));
        return resolution.Choices.Select(choice => Flaw(question, conflict, choice)).FirstOrDefault(flaw => flaw is not null) is { } flaw
            ? Answers.Invalid(question, new(Codes.Malformed, flaw))
            : Settled(question, state, conflict, resolution.Choices);
    }

    private static bool HasMoved(Resolution resolution, Conflict conflict) =>
        (resolution.Conflict is { } looked && looked != conflict.Id) || (!resolution.ByTimestamp && resolution.Expect != conflict.Revision);

    /// <summary>Why a choice cannot be meant; null when it can.</summary>
    private static string? Flaw(Question question, Conflict conflict, Choice choice)
    {
        if (conflict.Field(choice.Path) is null) return $"The path '{choice.Path}' is not in the conflict.";
        return choice.Take switch
        {
            Taking.Candidate when conflict.Candidates.FirstOrDefault(one => one.Id == choice.Candidate) is not { } candidate =>
                $"The conflict has no candidate {choice.Candidate}.",
            Taking.Candidate when !conflict.Candidates[choice.Candidate - 1].Touches(choice.Path) =>
                $"Candidate {choice.Candidate} has nothing for '{choice.Path}'.",
            Taking.Remove when choice.Path.Length == 0 => "The whole record cannot be removed by a choice: take a candidate that deletes it, or delete it afterwards.",
            Taking.Value when choice.Path.Length == 0 && question.Settings.Granularity != Granularity.Record =>
                "Of the whole record a value can only be given where it is merged as one: take 'current' or a candidate.",
            Taking.Value when choice.Path.Length == 0 && choice.Value![0] != '{' => "The value of the whole record must be an object.",
            _ => null,
        };
    }

    private static Decision Settled(Question question, MergeState state, Conflict conflict, IReadOnlyList<Choice> choices)
    {
        var stamp = question.Own.Past(state.Latest);
        var (root, erased) = Chosen(question, state, conflict, choices, stamp);
        var after = state.Next(root, erased, conflict: null);
        return new()
        {
            Outcome = Outcome.Applied,
            State = after,
            MakesVersion = true,
            Fields = [.. conflict.Fields.Select(field => Explained(question, conflict, field.Path, ChoiceAt(choices, field.Path)))],
            Changes = HistoryDiff.Between(Live(state), Live(after)),
            Settlement = new(conflict, [.. conflict.Candidates.Where(one => IsDiscarded(one, choices)).Select(one => one.Id)], question.Write.Resolution!.Note),
            Timestamp = stamp.At,
        };
    }

    /// <summary>The record as chosen. Also where everything stays what it was, somebody has said so now: the record's latest edit is theirs.</summary>
    private static (Node Root, Stamp? Erased) Chosen(
        Question question, MergeState state, Conflict conflict, IReadOnlyList<Choice> choices, Stamp stamp)
    {
        if (ChoiceAt(choices, "") is { } whole)
            return ValueOf(conflict, whole) is { } data
                ? (Registers.Fresh(state.Root, NodeText.Read(data), stamp, question.Mark)!, state.Erased)
                : (state.Root, stamp);
        if (state.Deleted) return (state.Root, stamp);

        var root = Registers.Ensure(state.Root, stamp, question.Mark);
        foreach (var choice in choices)
        {
            if (choice.Take == Taking.Current) continue;
            var value = ValueOf(conflict, choice) is { } text ? NodeText.Read(text) : null;
            root = Registers.Apply(root, Edit.At(FieldPath.Parse(choice.Path).Segments, value, stamp), root.Wiped!, question.Mark)!;
        }

        return (root, state.Erased);
    }

    private static byte[]? ValueOf(Conflict conflict, Choice choice) => choice.Take switch
    {
        Taking.Value => choice.Value,
        Taking.Candidate => conflict.Candidates[choice.Candidate - 1].Value(choice.Path),
        _ => null,
    };

    /// <summary>What is chosen for a path, if it is not what stands.</summary>
    private static Choice? ChoiceAt(IReadOnlyList<Choice> choices, string path) =>
        choices.FirstOrDefault(choice => choice.Path == path && choice.Take != Taking.Current);

    private static bool IsDiscarded(Candidate candidate, IReadOnlyList<Choice> choices) =>
        candidate.Values.Select(value => value.Path).Concat(candidate.Removed)
            .Any(path => ChoiceAt(choices, path) is not { Take: Taking.Candidate } choice || choice.Candidate != candidate.Id);

    private static FieldOutcome Explained(Question question, Conflict conflict, string path, Choice? choice)
    {
        var resolution = question.Write.Resolution!;
        var (who, taken) = (resolution.ByTimestamp ? "nobody decided in time: " : $"{question.Write.Author} ", choice is { Take: Taking.Candidate } ? conflict.Candidates[choice.Candidate - 1] : null);
        var what = (choice?.Take, resolution.ByTimestamp) switch
        {
            (null, true) => "what stands is the latest",
            (null, _) => "kept what stands",
            (Taking.Candidate, true) => $"{taken!.Author}'s of {Verdict.Time(taken.Timestamp)} is the latest",
            (Taking.Candidate, _) => $"took {taken!.Author}'s of {Verdict.Time(taken.Timestamp)}",
            (Taking.Remove, _) => "removed it",
            _ => "gave another value",
        };
        return new(path, choice is null ? Kept.Current : Kept.Incoming, resolution.ByTimestamp ? Verdict.Timestamp : CollectionSettings.Manual, who + what);
    }

    private static Node? Live(MergeState state) => state.Deleted ? null : state.Root;

    private static Problem MovedOn(Conflict conflict) => new(
        Codes.MovedOn, $"The conflict has moved on: it is {conflict.Id} at revision {conflict.Revision}. Look at it again and decide anew.");
}
