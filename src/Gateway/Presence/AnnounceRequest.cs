using OrleansSync.Gateway.Sockets;
using OrleansSync.Grains.Presence;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Presence;

/// <summary>What an <c>announce</c> asks for, checked.</summary>
/// <param name="Lasts">Zero = no longer.</param>
/// <param name="State">Minified; null when there is none.</param>
internal sealed record AnnounceRequest(RecordKey Key, IReadOnlyList<string>? Fields, byte[]? State, TimeSpan Lasts)
{
    private const int DefaultSeconds = 30;
    private const int MostSeconds = 300;

    private static readonly DataRules StateRules = new() { AnyValue = true, MaxBytes = Announcement.MostStateBytes };

    /// <summary>Reads it; throws <see cref="RefusedException"/>: malformed, invalid-name, too-deep or too-large.</summary>
    public static AnnounceRequest Of(JsonMembers members)
    {
        var key = Calls.RecordOf(members);
        var fields = FieldsOf(members);
        var state = members.TryGet("state", out var raw) ? DataText.Read(raw.Span, StateRules) : null;
        return new(key, fields, state, TimeSpan.FromSeconds(SecondsOf(members)));
    }

    public Announcement By(string author, string? client) => new() { Author = author, Client = client, Fields = Fields, State = State };

    private static IReadOnlyList<string>? FieldsOf(JsonMembers members)
    {
        if (members.Strings("fields") is not { } fields) return null;
        if (fields.Count > Announcement.MostFields || fields.Sum(field => field.Length) > Announcement.MostFieldCharacters)
            throw new RefusedException(Codes.TooLarge,
                $"At most {Announcement.MostFields} 'fields' of {Announcement.MostFieldCharacters} characters together are announced: name what is above them.");
        foreach (var field in fields) FieldPath.Parse(field);
        return fields;
    }

    private static long SecondsOf(JsonMembers members)
    {
        var seconds = members.Integer("seconds") ?? DefaultSeconds;
        return seconds is >= 0 and <= MostSeconds
            ? seconds
            : throw new RefusedException(Codes.Malformed, $"'seconds' must be from 0, no longer, to {MostSeconds}: announce again before they are over.");
    }
}

/// <summary>What a <c>watch</c> or <c>unwatch</c> asks for; names are valid.</summary>
/// <param name="Record">Null = everybody in the collection.</param>
internal readonly record struct WatchRequest(string Collection, string? Record)
{
    /// <summary>Reads it; throws <see cref="RefusedException"/>: malformed or invalid-name.</summary>
    public static WatchRequest Of(JsonMembers members)
    {
        if (!members.TryGet("record", out _)) return new(Calls.CollectionOf(members), null);
        var (collection, record) = Calls.RecordOf(members);
        return new(collection, record);
    }
}
