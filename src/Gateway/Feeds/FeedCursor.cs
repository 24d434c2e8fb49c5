using System.Buffers;
using System.Text;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A place in a feed as clients keep it: <c>tag access stamp (.life seq [~fresh | _fresh and mixed] [-blur])…</c>, <c>.0</c> for the beginning of a partition.
/// Equal places have equal texts. With eight partitions it fits while their places stay below 2^47, since no more than one of them is ever in its first
/// reading: <see cref="CatchUp"/> brings each to its end before it begins another.
/// </summary>
internal sealed record FeedCursor(string Tag, string Access, string Stamp, FeedPosition Position)
{
    public const int MaxLength = 200;

    /// <summary>Part of what a cursor's tag is made of: cursors that were written in another way are not ours.</summary>
    public const string Format = "2";

    private const int LifeLength = 4;
    private const int HeadLength = FeedIdentity.TagLength + FeedIdentity.AccessLength + FeedIdentity.StampLength;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~");

    public static string Write(FeedIdentity identity, FeedPosition position)
    {
        var text = new StringBuilder(64).Append(identity.Tag).Append(identity.Access).Append(identity.Stamp);
        for (var i = 0; i < position.Partitions; i++)
        {
            var mark = position[i];
            if (mark.Seq == 0)
                text.Append(".0");
            else
                text.Append('.').Append(mark.Life).AppendNumber(mark.Seq);
            if (mark.Seq == 0) continue;
            if (mark.Fresh > mark.Seq) text.Append(mark.Mixed ? '_' : '~').AppendNumber(mark.Fresh);
            if (mark.Blur > mark.Seq) text.Append('-').AppendNumber(mark.Blur);
        }
        return text.ToString();
    }

    /// <summary>Throws <see cref="RefusedException"/> (malformed) for what no cursor could look like.</summary>
    public static void Check(string text)
    {
        if (text.Length is 0 or > MaxLength || text.AsSpan().ContainsAnyExcept(Alphabet))
            throw new RefusedException(Codes.Malformed,
                "since is not a cursor: 1–200 characters A–Z a–z 0–9 - _ . ~ as a page gave it, or now, or left out for the beginning.");
    }

    /// <summary>Null when it is not one of ours.</summary>
    public static FeedCursor? Read(string text)
    {
        if (text.Length <= HeadLength || text[HeadLength] != '.') return null;
        var marks = new List<FeedPosition.Mark>();
        foreach (var range in text.AsSpan(HeadLength + 1).Split('.'))
        {
            if (ReadMark(text.AsSpan(HeadLength + 1)[range]) is not { } mark) return null;
            marks.Add(mark);
        }
        if (marks.Count(mark => mark.Fresh > 0) > 1) return null;
        return new(
            text[..FeedIdentity.TagLength],
            text.Substring(FeedIdentity.TagLength, FeedIdentity.AccessLength),
            text[(FeedIdentity.TagLength + FeedIdentity.AccessLength)..HeadLength],
            FeedPosition.Of(marks.ToArray()));
    }

    private static FeedPosition.Mark? ReadMark(ReadOnlySpan<char> text)
    {
        if (text is "0") return new FeedPosition.Mark();
        if (text.Length <= LifeLength) return null;
        var numbers = text[LifeLength..];
        if (!CutNumber(ref numbers, '-', out var blur)) return null;
        var mixed = numbers.IndexOf('_') >= 0;
        if (!CutNumber(ref numbers, mixed ? '_' : '~', out var fresh)) return null;
        return CursorNumber.TryRead(numbers, out var seq) ? new FeedPosition.Mark(text[..LifeLength].ToString(), seq, fresh, blur, mixed) : null;
    }

    /// <summary>Takes the number behind a sign off the end; 0 where the sign is not there. False when it is no number.</summary>
    private static bool CutNumber(ref ReadOnlySpan<char> text, char sign, out long number)
    {
        number = 0;
        var at = text.IndexOf(sign);
        if (at < 0) return true;
        var cut = text[(at + 1)..];
        text = text[..at];
        return CursorNumber.TryRead(cut, out number);
    }
}
