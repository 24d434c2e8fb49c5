namespace OrleansSync.Protocol;

/// <summary>The gate for JSON that users choose: what passes is UTF-8, minified, and safe to read with any parser (protocol §2).</summary>
public static class DataText
{
    /// <summary>
    /// Checks one JSON value and returns it without insignificant white space, otherwise byte for byte as it came. Throws
    /// <see cref="RefusedException"/>: malformed, too-deep or too-large. Takes any bytes.
    /// </summary>
    public static byte[] Read(ReadOnlySpan<byte> json, DataRules rules)
    {
        var scanner = new DataScanner(json, rules);
        try
        {
            return scanner.Run();
        }
        finally
        {
            scanner.Dispose();
        }
    }

    /// <summary>Whether two values as kept are equal: the same text, but for member order and the spelling of escapes. 1 and 1.0 differ.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) =>
        a.SequenceEqual(b) || (MayBeEqual(a, b) && CanonicalText.Of(a).AsSpan().SequenceEqual(CanonicalText.Of(b)));

    /// <summary>False where different texts are different values: without an escape a string is spelled in one way only, and nothing but its order changes an object.</summary>
    private static bool MayBeEqual(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        if (a[0] != b[0] || a[0] is not ((byte)'{' or (byte)'[' or (byte)'"')) return false;
        var spelledOneWay = !a.Contains((byte)'\\') && !b.Contains((byte)'\\');
        return !spelledOneWay || (a[0] != '"' && a.Length == b.Length);
    }
}
