using System.Text;
using System.Text.Json;

namespace OrleansSync.Protocol;

/// <summary>Tells a resend from another write under the same id: 64 bits of a hash of what is asked, the same on every node and for ever.</summary>
public static class WriteFingerprint
{
    // FNV-1a, finished so that sums of member hashes do not cancel out. It guards an author against an id used twice by mistake.
    private const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The fingerprint; data that is equal, members in another order included, has the same.</summary>
    public static long Of(Write write)
    {
        var hash = Mix(Start, (byte)write.Op);
        if (write.Resolution is { } resolution) return (long)Finish(hash * Prime + Of(resolution));
        if (write.ClaimSeconds is { } seconds) return (long)Finish(hash * Prime + (ulong)seconds);
        return (long)Finish(write.Data is null ? hash : hash * Prime + Value(write.Data));
    }

    private static ulong Of(Resolution resolution)
    {
        ulong choices = 0;
        foreach (var choice in resolution.Choices) choices += Finish(Of(choice));
        var hash = Mix(Mix(Finish((ulong)resolution.Expect), Bytes(resolution.Note)), Bytes(resolution.Conflict));
        return Finish(hash * Prime + choices);
    }

    private static ulong Of(Choice choice)
    {
        var hash = Mix(Mix(Start, Bytes(choice.Path)), (byte)choice.Take) * Prime + (ulong)choice.Candidate;
        return choice.Value is null ? hash : hash * Prime + Value(choice.Value);
    }

    private static byte[] Bytes(string? text) => Encoding.UTF8.GetBytes(text ?? "");

    private static ulong Value(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        return Value(ref reader);
    }

    private static ulong Value(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Object(ref reader),
        JsonTokenType.StartArray => Array(ref reader),
        JsonTokenType.String => Finish(Text(ref reader, Start)),
        _ => Finish(Mix(Mix(Start, (byte)reader.TokenType), reader.ValueSpan)),
    };

    // Members add up: their order does not matter.
    private static ulong Object(ref Utf8JsonReader reader)
    {
        ulong sum = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader, Start);
            reader.Read();
            sum += Finish(name * Prime + Value(ref reader));
        }

        return Finish(Mix(sum, (byte)JsonTokenType.StartObject));
    }

    private static ulong Array(ref Utf8JsonReader reader)
    {
        var hash = Mix(Start, (byte)JsonTokenType.StartArray);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) hash = hash * Prime + Value(ref reader);
        return Finish(hash);
    }

    // Escapes aside: "\u0041" is "A".
    private static ulong Text(ref Utf8JsonReader reader, ulong hash)
    {
        hash = Mix(hash, (byte)JsonTokenType.String);
        if (!reader.ValueIsEscaped) return Mix(hash, reader.ValueSpan);
        var plain = new byte[reader.ValueSpan.Length];
        return Mix(hash, plain.AsSpan(0, reader.CopyString(plain)));
    }

    private static ulong Mix(ulong hash, ReadOnlySpan<byte> bytes)
    {
        foreach (var part in bytes) hash = (hash ^ part) * Prime;
        return hash;
    }

    private static ulong Mix(ulong hash, byte part) => (hash ^ part) * Prime;

    private static ulong Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}
