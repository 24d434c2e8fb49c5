using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>Which texts may name a collection, a record, a write or a client (protocol §2).</summary>
public static class Names
{
    /// <summary>Longest record id, write id or client name, in characters.</summary>
    public const int MaxIdLength = 128;

    private const int MaxCollectionLength = 63;
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";

    private static readonly SearchValues<char> CollectionCharacters = SearchValues.Create(Lower + Digits + "_-");
    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create(Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + Digits + "-_.~:@");

    /// <summary>True for a name that matches <c>^[a-z][a-z0-9_-]{0,62}$</c>.</summary>
    public static bool IsCollection(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxCollectionLength
        && char.IsAsciiLetterLower(name[0])
        && !name.ContainsAnyExcept(CollectionCharacters);

    /// <summary>True for a write id or a client name: 1–128 characters of the id alphabet.</summary>
    public static bool IsId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxIdLength && !id.ContainsAnyExcept(IdCharacters);

    /// <summary>True for a record id: as <see cref="IsId"/>, but neither <c>.</c> nor <c>..</c>, which URLs swallow.</summary>
    public static bool IsRecordId(ReadOnlySpan<char> id) => IsId(id) && id is not ("." or "..");
}
