using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace OrleansSync.Protocol;

/// <summary>
/// A place in a feed as one view shows it, opaque to clients: <c>1.view.incarnation.place[-place…]</c>, a place for each partition, in base 36.
/// All places 0 is the beginning, which every life of the feed has.
/// </summary>
public sealed class Cursor : IEquatable<Cursor>
{
    /// <summary>Longest text of a cursor, in characters.</summary>
    public const int MaxLength = 200;

    private const string Format = "1";
    private const int MaxIncarnation = 8;

    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    private readonly string _text;

    private Cursor(FeedView view, string incarnation, long[] places, string text)
    {
        View = view;
        Incarnation = incarnation;
        Places = places;
        _text = text;
    }

    public FeedView View { get; }

    /// <summary>The life of the feed: 1–8 characters 0-9 a-z.</summary>
    public string Incarnation { get; }

    /// <summary>One place for each partition, none negative.</summary>
    public IReadOnlyList<long> Places { get; }

    /// <summary>The place in the first partition.</summary>
    public long Place => Places[0];

    public bool IsBeginning => Places.All(place => place == 0);

    /// <summary>The cursor of a view at these places.</summary>
    public static Cursor ForView(FeedView view, string incarnation, params long[] places) =>
        new(view, incarnation, places, $"{Format}.{view.Name}.{incarnation}.{string.Join('-', places.Select(place => Base36.Write(place)))}");

    /// <summary>Whether the text has the form of a cursor, ours or not: anything else is malformed.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length is > 0 and <= MaxLength && !text.AsSpan().ContainsAnyExcept(Characters);

    /// <summary>Reads a cursor of ours; false for one that is not, which is to be reset.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Cursor? cursor)
    {
        cursor = null;
        if (!IsWellFormed(text) || text.Split('.') is not [Format, var view, var incarnation, var places])
            return false;
        if (view.Length != FeedView.Length || !Base36.Is(view) || incarnation.Length > MaxIncarnation || !Base36.Is(incarnation))
            return false;
        if (!TryReadPlaces(places, out var read))
            return false;
        cursor = new Cursor(new FeedView(view), incarnation, read, text);
        return true;
    }

    /// <summary>Whether it can be read from: the same view, and the same life of the feed unless it is the beginning.</summary>
    public bool Fits(FeedView view, string incarnation) =>
        View == view && (Incarnation == incarnation || IsBeginning);

    private static bool TryReadPlaces(string text, out long[] places)
    {
        var parts = text.Split('-');
        places = new long[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!Base36.TryRead(parts[i], out places[i]))
                return false;
        }
        return true;
    }

    public bool Equals(Cursor? other) => other is not null && _text == other._text;
    public override bool Equals(object? obj) => Equals(obj as Cursor);
    public override int GetHashCode() => _text.GetHashCode();
    public override string ToString() => _text;
}
