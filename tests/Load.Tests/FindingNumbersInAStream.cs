using System.Text;
using CsCheck;

namespace OrleansSync.Load.Tests;

public sealed class FindingNumbersInAStream
{
    [Fact]
    public void Each_number_is_found_once_however_the_stream_is_cut() =>
        Gen.Select(Gen.Long[0, long.MaxValue].Array[0, 20], Gen.Int[1, 40].Array[1, 30], Gen.String.AlphaNumeric).Sample((numbers, pieces, between) =>
        {
            var stream = Encoding.UTF8.GetBytes(string.Concat(numbers.Select(number => $"{{\"nth\":{number},\"title\":\"{between}\"}}")));
            var found = new List<long>();
            var scanner = new NumberScanner("\"nth\":"u8.ToArray(), found.Add);

            var at = 0;
            for (var i = 0; at < stream.Length; i++)
            {
                var length = Math.Min(pieces[i % pieces.Length], stream.Length - at);
                scanner.Scan(stream.AsSpan(at, length));
                at += length;
            }

            Assert.Equal(numbers, found);
        });

    [Fact]
    public void A_mark_without_a_number_is_none()
    {
        var found = new List<long>();

        new NumberScanner("\"nth\":"u8.ToArray(), found.Add).Scan("{\"nth\":\"first\"},{\"nth\":2}"u8);

        Assert.Equal([2], found);
    }
}
