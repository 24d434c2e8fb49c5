namespace OrleansSync.Protocol;

/// <summary>A condition on records: a JSON object whose members all must hold (protocol §3).</summary>
public sealed class Filter
{
    private Filter(string text) => Text = text;

    /// <summary>The canonical text: equal filters have equal texts.</summary>
    public string Text { get; }

    /// <summary>Reads a filter; throws <see cref="RefusedException"/> (malformed) where it is none.</summary>
    public static Filter Parse(ReadOnlySpan<byte> json) => throw new NotSupportedException();

    /// <summary>Whether a record with this id and data (a JSON object, as kept) meets it.</summary>
    public bool Matches(string id, ReadOnlySpan<byte> data) => throw new NotSupportedException();
}

/// <summary>The order of a list: a field, <c>id</c>, <c>timestamp</c> or <c>version</c>, up or down; ties by id.</summary>
public sealed record RecordOrder(string By, bool Descending)
{
    /// <summary>Reads <c>field</c> or <c>-field</c>; null or empty = by id.</summary>
    public static RecordOrder Parse(string? text) => throw new NotSupportedException();
}
