using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OrleansSync.Gateway.Access;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// Which feed something belongs to: collection, filter, the part of the collection that the caller sees, and those settings that decide what
/// anybody sees. Equal identities share one view and understand each other's cursors.
/// </summary>
internal sealed record FeedIdentity
{
    /// <summary>Characters of each mark in a cursor.</summary>
    public const int TagLength = 8;
    public const int AccessLength = 4;
    public const int StampLength = 4;

    private FeedIdentity() { }

    public required string Collection { get; init; }

    /// <summary>Collection and filter as a cursor names them.</summary>
    public required string Tag { get; init; }

    /// <summary>Whose part of the collection, as a cursor names it.</summary>
    public required string Access { get; init; }

    /// <summary>The settings that decide what is seen, as a cursor names them.</summary>
    public required string Stamp { get; init; }

    /// <summary>The feed's name. One that is reset under new settings keeps its name, so that its subscribers know it again.</summary>
    public required string Feed { get; init; }

    public static FeedIdentity Of(FeedRequest request, CollectionSettings settings, string? feed = null)
    {
        var access = AccessRules.OwnView(request.Caller, settings) is { } author ? "own " + author : "all";
        var tag = Mark(TagLength, FeedCursor.Format, request.Collection, request.Filter?.Text ?? "");
        var accessMark = Mark(AccessLength, access);
        return new()
        {
            Collection = request.Collection,
            Tag = tag,
            Access = accessMark,
            Stamp = StampOf(settings),
            Feed = feed ?? "f-" + Mark(16, tag, access),
        };
    }

    /// <summary>Names an incarnation of a feed partition in a cursor.</summary>
    public static string LifeOf(string incarnation) => Mark(4, incarnation);

    public static string StampOf(CollectionSettings settings) =>
        Mark(StampLength, settings.Owner ?? "", settings.Partitions.ToString());

    /// <summary>Short, and of the cursors' alphabet. Two that fall together mislead only who made a cursor up.</summary>
    private static string Mark(int length, params ReadOnlySpan<string> parts)
    {
        var text = string.Join('\n', parts);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        return Base64Url.EncodeToString(hash)[..length];
    }
}
