using System.Globalization;

namespace OrleansSync.Protocol;

/// <summary>
/// When something was last edited: a UTC instant in ticks of 100 ns, always written with seven digits so that text order is time order.
/// </summary>
[GenerateSerializer, Immutable]
public readonly record struct Timestamp([property: Id(0)] long Ticks) : IComparable<Timestamp>
{
    /// <summary>Characters of the written form, <c>2026-11-24T05:35:12.1234567Z</c>.</summary>
    public const int Length = 28;

    /// <summary>For a UTC instant the round-trip format is just the written form, and the fastest.</summary>
    private const string WrittenForm = "O";

    public static Timestamp Now(TimeProvider clock) => new(clock.GetUtcNow().UtcTicks);

    /// <summary>The next instant: what a hybrid clock gives to an edit that must come after this one.</summary>
    public Timestamp Next => new(Ticks + 1);

    /// <summary>Reads any RFC 3339 instant, cut to 100 ns; a leap second is the second after. False for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Timestamp timestamp) => TimestampText.TryParse(text, out timestamp);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Timestamp)"/>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out Timestamp timestamp) => TimestampText.TryParse(utf8, out timestamp);

    public static Timestamp Later(Timestamp a, Timestamp b) => a.Ticks >= b.Ticks ? a : b;

    public int CompareTo(Timestamp other) => Ticks.CompareTo(other.Ticks);

    public static bool operator <(Timestamp a, Timestamp b) => a.Ticks < b.Ticks;
    public static bool operator >(Timestamp a, Timestamp b) => a.Ticks > b.Ticks;
    public static bool operator <=(Timestamp a, Timestamp b) => a.Ticks <= b.Ticks;
    public static bool operator >=(Timestamp a, Timestamp b) => a.Ticks >= b.Ticks;

    public static Timestamp operator +(Timestamp a, TimeSpan span) => new(a.Ticks + span.Ticks);

    public DateTime ToDateTime() => new(Ticks, DateTimeKind.Utc);

    public override string ToString() => ToDateTime().ToString(WrittenForm, CultureInfo.InvariantCulture);

    /// <summary>Writes the 28 ASCII bytes of the written form.</summary>
    public void Format(Span<byte> utf8) =>
        ToDateTime().TryFormat(utf8, out _, WrittenForm, CultureInfo.InvariantCulture);
}
