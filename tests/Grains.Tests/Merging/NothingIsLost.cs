using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Guarantee 5: whatever people do under <c>manual</c>, nothing that somebody typed is gone without an entry that says who and why.</summary>
public sealed class NothingIsLost
{
    [Fact]
    public void What_was_typed_is_in_the_record_in_its_conflict_or_in_an_entry_that_names_who_discarded_it() => ConflictStories.Any.Sample(
        story =>
        {
            var record = new OneRecord(story.Settings);
            var typed = new List<string>();
            foreach (var step in story.Steps)
            {
                var write = step.Do(record);
                if (record.Decisions[^1].Outcome == Outcome.Invalid) continue;
                typed.AddRange(ConflictStories.Step.TypedIn(write));
                foreach (var value in typed) AssertKept(value, record.State?.View, record.Entries);
            }
        },
        print: story => story.ToString());

    [Fact]
    public void A_resolution_never_decides_over_what_its_author_had_not_seen() => Gen.Select(ConflictStories.Any, Gen.Int[1, 3]).Sample(
        (story, lag) =>
        {
            var record = new OneRecord(story.Settings);
            var seen = new List<Conflict?> { null };
            foreach (var step in story.Steps)
            {
                record.Clock += step.Seconds;
                var (open, looked) = (record.Conflict, seen[Math.Max(0, seen.Count - lag)]);
                var decision = record.Do(step.After(record.Version, looked, record.Clock));
                if (decision.Settlement is not null)
                    Assert.Equal((looked!.Id, looked.Revision), (open!.Id, open.Revision));
                seen.Add(record.Conflict);
            }
        },
        print: story => $"{story.Item2} {story.Item1}");

    [Fact]
    public void Two_people_never_hold_a_claim_at_once() => ConflictStories.Any.Sample(
        story =>
        {
            var record = new OneRecord(story.Settings);
            foreach (var step in story.Steps)
            {
                record.Clock += step.Seconds;
                var now = Edits.Second(record.Clock);
                var held = record.Conflict?.Claim is { } claim && claim.Until > now ? claim.Author : null;
                var decision = record.Do(step.After(record.Version, record.Conflict, record.Clock));
                var isOfConflict = step.Deed is ConflictStories.Deed.Claim or ConflictStories.Deed.Release or ConflictStories.Deed.Resolve;
                if (held is not null && held != step.Person && isOfConflict)
                {
                    Assert.Equal(Codes.Claimed, decision.Problem?.Code);
                    Assert.Equal(held, record.Conflict!.Claim!.Author);
                }
            }
        },
        print: story => story.ToString());

    /// <summary>Where the value may be; of what waited, the entry of its own write does not count: nobody discarded it there.</summary>
    internal static void AssertKept(string value, RecordVersion? record, IReadOnlyList<HistoryEntry> entries)
    {
        if (Holds(record?.Data, value) || record?.Conflict?.Candidates.Any(candidate => Holds(candidate, value)) == true) return;
        foreach (var entry in entries)
        {
            if (entry.Changes.Any(change => Holds(change.From, value))) return;
            if (entry.Settlement is { } settled && settled.Conflict.Candidates.Any(one => settled.Discarded.Contains(one.Id) && Holds(one, value))) return;
            if (entry.Wanted.Any(change => Holds(change.To, value) && !IsHeld(entry, change.Path))) return;
        }

        Assert.Fail($"{value} is gone.");
    }

    private static bool IsHeld(HistoryEntry entry, string path) =>
        entry.Outcome == Outcome.Held && entry.Fields.Any(field => field.Kept == Kept.Held && FieldPath.Parse(field.Path).Covers(FieldPath.Parse(path)));

    private static bool Holds(Candidate candidate, string value) => candidate.Values.Any(one => Holds(one.Value, value));

    private static bool Holds(byte[]? json, string value) => json is not null && Edits.Text(json)!.Contains(value, StringComparison.Ordinal);
}
