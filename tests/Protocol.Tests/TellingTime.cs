using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>Timestamps: protocol §2.</summary>
public class TellingTime
{
    [Theory]
    [InlineData("2026-11-24T05:35:12.1234567Z", "2026-11-24T05:35:12.1234567Z")]
    [InlineData("2026-11-24T05:35:12Z", "2026-11-24T05:35:12.0000000Z")]
    [InlineData("2026-11-24t05:35:12.5z", "2026-11-24T05:35:12.5000000Z")]
    [InlineData("2026-11-24T05:35:12.12345678999999999999Z", "2026-11-24T05:35:12.1234567Z")]
    [InlineData("2026-11-24T05:35:12+02:00", "2026-11-24T03:35:12.0000000Z")]
    [InlineData("2026-11-24T23:35:12.5-05:30", "2026-11-25T05:05:12.5000000Z")]
    [InlineData("2026-11-24T05:35:12-00:00", "2026-11-24T05:35:12.0000000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z")]
    [InlineData("2017-01-01T00:59:60.25+01:00", "2017-01-01T00:00:00.2500000Z")]
    [InlineData("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.0000000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    public void Every_spelling_of_an_instant_is_read_and_cut_to_100_ns(string text, string written)
    {
        Assert.True(Timestamp.TryParse(text, out var timestamp));
        Assert.True(Timestamp.TryParse(Json.Utf8(text), out var fromUtf8));

        Assert.Equal(written, timestamp.ToString());
        Assert.Equal(timestamp, fromUtf8);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-24")]
    [InlineData("2026-11-24T05:35Z")]
    [InlineData("2026-11-24T05:35:12")]
    [InlineData("2026-11-24 05:35:12Z")]
    [InlineData("2026-11-24T05:35:12.Z")]
    [InlineData("2026-11-24T05:35:12,5Z")]
    [InlineData("2026-11-24T05:35:12Zx")]
    [InlineData("2026-11-24T05:35:12+0200")]
    [InlineData("2026-11-24T05:35:12+24:00")]
    [InlineData("2026-11-24T05:35:12+02:60")]
    [InlineData("2026-13-24T05:35:12Z")]
    [InlineData("2026-00-24T05:35:12Z")]
    [InlineData("2026-02-29T05:35:12Z")]
    [InlineData("2026-11-00T05:35:12Z")]
    [InlineData("2026-11-24T24:00:00Z")]
    [InlineData("2026-11-24T05:60:12Z")]
    [InlineData("2026-11-24T05:35:61Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("-026-11-24T05:35:12Z")]
    [InlineData("20261-1-24T05:35:12Z")]
    [InlineData(" 2026-11-24T05:35:12Z")]
    [InlineData("２026-11-24T05:35:12Z")]
    [InlineData("1764000000000")]
    public void What_is_no_RFC_3339_instant_is_not_read(string text)
    {
        Assert.False(Timestamp.TryParse(text, out _));
        Assert.False(Timestamp.TryParse(Json.Utf8(text), out _));
    }

    [Fact]
    public void Overlong_text_is_not_read()
    {
        Assert.False(Timestamp.TryParse("2026-11-24T05:35:12." + new string('1', 1_000) + "Z", out _));
    }

    [Fact]
    public void Written_timestamps_are_read_back_and_order_as_text() =>
        Gen.Select(Gen.Long[0, DateTime.MaxValue.Ticks], Gen.Long[0, DateTime.MaxValue.Ticks]).Sample((a, b) =>
        {
            var (x, y) = (new Timestamp(a), new Timestamp(b));
            var utf8 = new byte[Timestamp.Length];
            x.Format(utf8);
            return Timestamp.TryParse(x.ToString(), out var read) && read == x && Json.Text(utf8) == x.ToString()
                && Math.Sign(string.CompareOrdinal(x.ToString(), y.ToString())) == x.CompareTo(y);
        });
}
