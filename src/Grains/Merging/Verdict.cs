using System.Globalization;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Says in words a user can read why a value stands. "Yours" is the value of the write that is answered.</summary>
internal static class Verdict
{
    public const string Timestamp = "timestamp";
    public const string Tie = "tie";
    public const string Operation = "operation";

    /// <summary>The later of two values stands.</summary>
    public static FieldOutcome OfStamps(string path, bool incoming, Stamp own, Stamp stands, string did = "edited")
    {
        var rule = own.At == stands.At ? Tie : Timestamp;
        var why = (rule, incoming) switch
        {
            (Tie, true) => $"took yours: both of {Time(own.At)}, and by author, device and write id it comes after {Of(stands, path)}",
            (Tie, false) => $"kept {Of(stands, path)}: {did} at the same {Time(stands.At)}, and by author, device and write id it comes after yours",
            (_, true) => $"took yours: {Time(own.At)}, {Span(own.At, stands.At)} after {Of(stands, path)}",
            _ => $"kept {Of(stands, path)}: {did} {Time(stands.At)}, {Span(stands.At, own.At)} after yours",
        };
        return new(path, incoming ? Kept.Incoming : Kept.Current, rule, why);
    }

    public static FieldOutcome Rejected(string path, Stamp stands, string did = "edited") => new(
        path, Kept.Current, CollectionSettings.Reject, $"kept {Of(stands, path)}: {did} {Time(stands.At)}, which this write had not seen");

    public static FieldOutcome Held(string path, Stamp stands, string did = "edited") => new(
        path, Kept.Held, CollectionSettings.Manual, $"yours waits for a decision beside {Of(stands, path)}: {did} {Time(stands.At)}, which this write had not seen");

    /// <summary>A delete that waits because the record has an open conflict already.</summary>
    public static FieldOutcome Joined(Conflict open) => new(
        "", Kept.Held, CollectionSettings.Manual, $"the delete waits for a decision: the record has an open conflict since {Time(open.OpenedAt)}");

    public static FieldOutcome Operated(string path, Stamp stands) => new(
        path, Kept.Both, Operation, $"applied to {Of(stands, path)} of {Time(stands.At)}");

    public static FieldOutcome ByPolicy(string path, Kept kept, string policy, Stamp own, Stamp stands) => new(
        path, kept, policy, $"decided by {policy} between {Of(stands, path)} of {Time(stands.At)} and yours of {Time(own.At)}");

    public static string Time(Timestamp at) => at.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture);

    private static string Of(Stamp stands, string path) => $"{stands.Author}'s {(path.Length == 0 ? "record" : path)}";

    private static string Span(Timestamp later, Timestamp earlier) => new TimeSpan(later.Ticks - earlier.Ticks) switch
    {
        { TotalMilliseconds: < 1 } => "less than 1 ms",
        { TotalSeconds: < 1 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 2 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        { TotalHours: < 2 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        { TotalDays: < 2 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
        var span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
    };
}
