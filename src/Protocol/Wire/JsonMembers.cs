using System.Text.Json;
using System.Text.Unicode;

namespace OrleansSync.Protocol;

/// <summary>
/// A JSON object cut into its raw members: a request's envelope, read without interpreting what users put into it. The whole text
/// must be JSON, of any depth; below the outermost object nothing else is asked. Null counts as absent.
/// </summary>
public sealed class JsonMembers
{
    private const int FewMembers = 12;
    private const int MostKept = 256;

    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    // One a thread: how many members there are is known when all are read.
    [ThreadStatic]
    private static List<KeyValuePair<string, ReadOnlyMemory<byte>>>? t_members;

    private readonly KeyValuePair<string, ReadOnlyMemory<byte>>[] _members;

    private JsonMembers(KeyValuePair<string, ReadOnlyMemory<byte>>[] members) => _members = members;

    /// <summary>All members in the order they came, raw, nulls too.</summary>
    public IReadOnlyList<KeyValuePair<string, ReadOnlyMemory<byte>>> All => _members;

    /// <summary>Cuts an object; throws <see cref="RefusedException"/> (malformed) for anything else and for a member that comes twice.</summary>
    public static JsonMembers Cut(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
            throw Malformed("The text is not valid UTF-8.");
        try
        {
            return new JsonMembers(ReadMembers(json));
        }
        catch (JsonException)
        {
            throw Malformed("The text is not JSON.");
        }
        catch (InvalidOperationException)
        {
            throw Malformed("A member name has half of a surrogate pair.");
        }
    }

    private static KeyValuePair<string, ReadOnlyMemory<byte>>[] ReadMembers(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, AnyDepth);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            throw Malformed("A JSON object is expected.");
        }

        var members = t_members ??= [];
        members.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = MemberNames.Of(ref reader);
            reader.Read();
            members.Add(new(name, Skip(ref reader, json)));
        }
        reader.Read();
        var read = members.ToArray();
        members.Clear();
        if (members.Capacity > MostKept) t_members = null;
        RefuseTwice(read);
        return read;
    }

    private static void RefuseTwice(KeyValuePair<string, ReadOnlyMemory<byte>>[] members)
    {
        var many = members.Length > FewMembers ? new HashSet<string>(members.Length) : null;
        for (var i = 0; i < members.Length; i++)
        {
            if (many is null ? IsEarlier(members, i) : !many.Add(members[i].Key))
                throw Malformed($"'{members[i].Key}' is given twice.");
        }
    }

    private static bool IsEarlier(KeyValuePair<string, ReadOnlyMemory<byte>>[] members, int at)
    {
        for (var i = 0; i < at; i++)
        {
            if (members[i].Key == members[at].Key)
                return true;
        }
        return false;
    }

    /// <summary>The raw value of a member; false when it is absent or null.</summary>
    public bool TryGet(string name, out ReadOnlyMemory<byte> raw) => TryGetEvenNull(name, out raw) && raw.Span[0] != 'n';

    /// <summary>The raw value of a member where null is a value too; false when it is absent.</summary>
    public bool TryGetEvenNull(string name, out ReadOnlyMemory<byte> raw)
    {
        foreach (var member in _members)
        {
            if (member.Key == name)
            {
                raw = member.Value;
                return true;
            }
        }
        raw = default;
        return false;
    }

    /// <summary>A string, or null when absent.</summary>
    public string? String(string name) => TryGet(name, out var raw) ? TextOf(raw.Span, name) : null;

    /// <summary>A whole number, or null when absent; 7.5 and 1e400 are malformed.</summary>
    public long? Integer(string name)
    {
        if (!TryGet(name, out var raw))
            return null;
        var reader = new Utf8JsonReader(raw.Span);
        return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw Malformed($"'{name}' must be a whole number.");
    }

    /// <summary>True or false, or null when absent.</summary>
    public bool? Boolean(string name)
    {
        if (!TryGet(name, out var raw))
            return null;
        return raw.Span[0] switch
        {
            (byte)'t' => true,
            (byte)'f' => false,
            _ => throw Malformed($"'{name}' must be true or false."),
        };
    }

    /// <summary>An instant, or null when absent.</summary>
    public Timestamp? Instant(string name) => String(name) switch
    {
        null => null,
        var text when Timestamp.TryParse(text, out var timestamp) => timestamp,
        _ => throw Malformed($"'{name}' must be an RFC 3339 instant such as 2026-11-24T05:35:12.1234567Z."),
    };

    /// <summary>The members of an object, or null when absent.</summary>
    public JsonMembers? Object(string name)
    {
        if (!TryGet(name, out var raw))
            return null;
        return raw.Span[0] == '{' ? Cut(raw) : throw Malformed($"'{name}' must be an object.");
    }

    /// <summary>The raw elements of an array, or null when absent.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>>? Elements(string name)
    {
        if (!TryGet(name, out var raw))
            return null;
        return raw.Span[0] == '[' ? ElementsOf(raw) : throw Malformed($"'{name}' must be an array.");
    }

    /// <summary>The strings of an array, or null when absent.</summary>
    public IReadOnlyList<string>? Strings(string name) =>
        Elements(name)?.Select(element => TextOf(element.Span, name)).ToArray();

    internal static List<ReadOnlyMemory<byte>> ElementsOf(ReadOnlyMemory<byte> array)
    {
        var reader = new Utf8JsonReader(array.Span, AnyDepth);
        reader.Read();
        var elements = new List<ReadOnlyMemory<byte>>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            elements.Add(Skip(ref reader, array));
        return elements;
    }

    internal static string TextOf(ReadOnlySpan<byte> raw, string name)
    {
        if (raw[0] != '"')
            throw Malformed($"'{name}' must be a string.");
        try
        {
            var reader = new Utf8JsonReader(raw);
            reader.Read();
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Malformed($"'{name}' has half of a surrogate pair.");
        }
    }

    private static ReadOnlyMemory<byte> Skip(ref Utf8JsonReader reader, ReadOnlyMemory<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    private static RefusedException Malformed(string detail) => new(Codes.Malformed, detail);
}
