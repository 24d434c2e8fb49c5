using OrleansSync.Protocol;

namespace OrleansSync.Grains.Merging;

/// <summary>Says in words a user can read why a value stands.</summary>
internal static class Verdict
{
    public const string Timestamp = "timestamp";
    public const string Tie = "tie";

    public static FieldOutcome OfStamps(string path, bool incoming, Stamp own, Stamp stands)
    {
        var rule = own.At == stands.At ? Tie : Timestamp;
        var why = (rule, incoming) switch
        {
            (Tie, true) => $"edited at the same {own.At} as by {stands.Author}; by author, device and write id this write comes after",
            (Tie, false) => $"edited at the same {stands.At} by {stands.Author}, who by author, device and write id comes after",
            (_, true) => $"this write is of {own.At}, after {Whose(stands)}",
            _ => $"{Whose(stands)}, after {own.At}",
        };
        return new(path, incoming ? Kept.Incoming : Kept.Current, rule, why);
    }

    public static string Whose(Stamp stands) => $"edited {stands.At} by {stands.Author}";
}
