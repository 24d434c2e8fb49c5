namespace OrleansSync.Gateway.SignalR;

/// <summary>
/// Which members of the protocol's objects hold values whose shape the user chooses: in MessagePack those are strings of JSON text
/// (protocol §10), everything else is written as what it is.
/// </summary>
internal enum JsonShape : byte
{
    /// <summary>An object of the protocol: a frame, a write, a result, a record, a page …</summary>
    Words,
    /// <summary>Chosen by the user: a string of JSON text.</summary>
    Text,
    /// <summary>An object whose member names are paths, and whose values the user chose.</summary>
    Values,
    /// <summary>An object whose member names are paths, and whose values are objects of the protocol.</summary>
    Choices,
    /// <summary>An object whose member names are paths in conflict.</summary>
    ConflictFields,
    /// <summary>What is known of a path in conflict.</summary>
    ConflictField,
}

internal static class JsonShapes
{
    /// <summary>The shape of a member; elements of an array have the shape of the array.</summary>
    /// <param name="isObject">Whether the member's value is an object: <c>fields</c> of a conflict is one, those of a result are a list.</param>
    public static JsonShape Of(JsonShape parent, ReadOnlySpan<byte> name, bool isObject) => parent switch
    {
        JsonShape.Values => JsonShape.Text,
        JsonShape.Choices => JsonShape.Words,
        JsonShape.ConflictFields => JsonShape.ConflictField,
        JsonShape.ConflictField when name.SequenceEqual("base"u8) || name.SequenceEqual("current"u8) => JsonShape.Text,
        JsonShape.Words => OfWord(name, isObject),
        _ => JsonShape.Words,
    };

    private static JsonShape OfWord(ReadOnlySpan<byte> name, bool isObject)
    {
        if (name.SequenceEqual("data"u8) || name.SequenceEqual("filter"u8) || name.SequenceEqual("state"u8)
            || name.SequenceEqual("value"u8) || name.SequenceEqual("from"u8) || name.SequenceEqual("to"u8))
            return JsonShape.Text;
        if (name.SequenceEqual("values"u8)) return JsonShape.Values;
        if (name.SequenceEqual("choices"u8)) return JsonShape.Choices;
        return isObject && name.SequenceEqual("fields"u8) ? JsonShape.ConflictFields : JsonShape.Words;
    }
}
