using OrleansSync.Load.Report;

namespace OrleansSync.Load.Guard;

/// <summary>The ratios as lines of a terminal: what was seen, the least and the most of the turns, what is kept, and how it stands.</summary>
internal static class GuardTable
{
    public static IEnumerable<string> Lines(IReadOnlyList<RatioCheck> checks)
    {
        var width = checks.Max(check => check.Kept.Name.Length);
        yield return $"{"ours / beside it".PadRight(width)}{"seen",9}{"turns",18}{"kept",9}{"bound",9}";
        foreach (var check in checks)
            yield return $"{check.Kept.Name.PadRight(width)}{Text(check.Seen),9}{Spread(check),18}{Text(check.Kept.Value),9}{Text(check.Bound),9}  {Word(check)}";
    }

    private static string Text(double? ratio) => ratio is { } value ? Number.Text(value) : "–";

    private static string Spread(RatioCheck check) => check.Seen is null ? "" : $"{Number.Text(check.Least)} … {Number.Text(check.Most)}";

    private static string Word(RatioCheck check) => check.Standing switch
    {
        Standing.Worse => $"WORSE than the tolerated {check.Kept.Tolerance:P0}: {check.Kept.Why}",
        Standing.Better => "better: --update keeps it",
        Standing.New => "new: --update keeps it",
        Standing.NotMeasured => "not measured",
        _ => "",
    };
}
