using System.Text;
using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>Makes strings of member names. The same names come in write after write: each thread keeps the last of them, a few, and gives them again.</summary>
public static class MemberNames
{
    private const int Kept = 256;
    private const int LongestKept = 32;

    [ThreadStatic]
    private static string?[]? t_names;

    /// <summary>The name that the reader stands at. Throws InvalidOperationException for half of a surrogate pair, as the reader does.</summary>
    public static string Of(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped || name.Length is 0 or > LongestKept) return reader.GetString()!;
        ref var kept = ref (t_names ??= new string?[Kept])[Place(name)];
        // Names beyond ASCII are never found again, and so are made each time.
        return kept is not null && Ascii.Equals(name, kept) ? kept : kept = reader.GetString()!;
    }

    private static int Place(ReadOnlySpan<byte> name) =>
        (name[0] + (31 * name[^1]) + (17 * name[name.Length / 2]) + (7 * name.Length)) % Kept;
}
