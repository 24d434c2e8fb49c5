using System.Text.RegularExpressions;
using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>
/// Random lives of a record under <c>manual</c>: several people edit, delete, claim, release and resolve, each by what they saw some versions
/// ago. Every value that is typed is one of its own, so that it can be looked for afterwards.
/// </summary>
internal static class ConflictStories
{
    private static readonly Gen<CollectionSettings> Settings = Gen.Int[0, 3].Select(shape => shape switch
    {
        0 => new CollectionSettings { Policy = CollectionSettings.Manual, Granularity = Granularity.Record },
        1 => new CollectionSettings { Fields = new Dictionary<string, string> { ["title"] = CollectionSettings.Manual } },
        2 => new CollectionSettings
        {
            Policy = CollectionSettings.Manual,
            Fields = new Dictionary<string, string> { ["note"] = CollectionSettings.LastWriterWins, ["price"] = CollectionSettings.Reject },
        },
        _ => new CollectionSettings { Policy = CollectionSettings.Manual },
    });

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Frequency((2, Deed.Put), (8, Deed.Patch), (2, Deed.Delete), (2, Deed.Claim), (1, Deed.Release), (4, Deed.Resolve)),
        Gen.OneOf("ada", "bob", "cleo"),
        Gen.Int[0, 4],
        Gen.Int[0, 15],
        Gen.Int[0, 40]).Select((deed, person, back, fields, seconds) => new Step(deed, person, back, fields, seconds, 0));

    public static readonly Gen<Story> Any = Gen.Select(Settings, AnyStep.Array[3, 24]).Select((settings, steps) =>
        new Story(settings, [.. steps.Select((step, i) => step with { Number = i + 1 })]));

    internal enum Deed { Put, Patch, Delete, Claim, Release, Resolve }

    internal sealed record Story(CollectionSettings Settings, Step[] Steps)
    {
        public override string ToString() =>
            $"{Settings.Policy} {Settings.Granularity} {string.Concat(Settings.Fields)}{string.Concat(Steps.Select(step => $"\n  {step}"))}";
    }

    /// <param name="Back">How many versions ago the person looked; more than 3 = they do not say.</param>
    /// <param name="Fields">Which fields are touched, or which choice is made: bits.</param>
    /// <param name="Seconds">How much time has passed before it.</param>
    internal sealed record Step(Deed Deed, string Person, int Back, int Fields, int Seconds, int Number)
    {
        private static readonly string[] Names = ["title", "note", "price", "deep"];

        /// <summary>The values that somebody typed into a write: each is found nowhere else.</summary>
        public static IEnumerable<string> TypedIn(Write write) =>
            Regex.Matches(Edits.Text(write.Data) + string.Concat(write.Resolution?.Choices.Select(choice => Edits.Text(choice.Value)) ?? []), "\"[a-z]+-[0-9]+\"")
                .Select(match => match.Value);

        public Write Do(OneRecord record)
        {
            record.Clock += Seconds;
            var write = After(record.Version, record.Conflict, record.Clock);
            record.Do(write);
            return write;
        }

        /// <param name="looked">The conflict as the person saw it.</param>
        public Write After(long version, Conflict? looked, int clock)
        {
            var seen = Math.Max(0, version - Back);
            Write write = Deed switch
            {
                Deed.Put => Edits.Put(Data).Seen(seen).At(clock - 6 * Fields),
                Deed.Patch => Edits.Patch(Data).At(clock - 6 * Fields) with { Base = Back > 3 ? null : seen },
                Deed.Delete => Edits.Delete().Seen(seen).At(clock - 6 * Fields),
                Deed.Claim => Edits.Claim(20),
                Deed.Release => Edits.Release(),
                _ => Resolution(looked),
            };
            return write.By(Person).As($"w{Number}");
        }

        private string Data => "{" + string.Join(',', Names.Where((_, i) => (Fields & (1 << i)) != 0)
            .Select(name => name == "deep" ? $"\"deep\":{{\"er\":\"er-{Number}\"}}" : $"\"{name}\":\"{name}-{Number}\"")) + "}";

        private Write Resolution(Conflict? looked)
        {
            if (looked is null) return Edits.Resolve(1).Looking("none");
            var choices = looked.Candidates.Count > 0 && looked.Field("") is null
                ? looked.Fields.Select(Choose).ToArray()
                : [Choose(looked.Fields.First(field => field.Path == ""))];
            var write = Edits.Resolve(looked.Revision, choices);
            return write with { Resolution = write.Resolution! with { Conflict = looked.Id, Note = $"by {Person}" } };

            Choice Choose(ConflictField field) => (Fields % 4) switch
            {
                0 => Edits.Current(field.Path),
                3 when field.Path == "title" => Edits.Give("title", $"\"title-{Number}\""),
                _ when looked.Candidates.LastOrDefault(candidate => candidate.Touches(field.Path)) is { } candidate => Edits.Take(field.Path, candidate.Id),
                _ => Edits.Current(field.Path),
            };
        }
    }
}
