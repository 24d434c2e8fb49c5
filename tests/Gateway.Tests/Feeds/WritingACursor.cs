using CsCheck;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>A cursor of as many partitions as there can be has room in 200 characters, whatever state its reader is in, and reads as what was written.</summary>
public sealed class WritingACursor
{
    private const long Farthest = 1L << 40;

    private static readonly FeedIdentity Identity = FeedIdentity.Of(
        ModelFeeds.Request(filter: """{"group":1}"""), CollectionSettings.Default with { Partitions = SettingsReader.MaxPartitions });

    private static readonly Gen<FeedPosition.Mark> Mark = Gen.Select(Gen.Long[0, Farthest - 1], Gen.Bool, Gen.Long[0, Farthest])
        .Select((seq, blurred, blur) => seq == 0 ? default : new FeedPosition.Mark("aZ_-", seq, Blur: blurred && blur > seq ? blur : 0));

    // Only one is in its first reading at a time: CatchUp reads it to its end before it begins another.
    private static readonly Gen<FeedPosition> Places =
        Gen.Select(Mark.Array[1, SettingsReader.MaxPartitions], Gen.Int[0, 7], Gen.Bool, Gen.Bool).Select((marks, first, reading, mixed) =>
        {
            var mark = marks[first % marks.Length];
            if (reading && mark.Seq > 0) marks[first % marks.Length] = mark with { Fresh = Farthest, Blur = Farthest, Mixed = mixed };
            return FeedPosition.Of(marks);
        });

    [Fact]
    public void Any_place_reads_as_it_was_written_and_fits() => Places.Sample(place =>
    {
        var text = FeedCursor.Write(Identity, place);

        FeedCursor.Check(text);
        var read = FeedCursor.Read(text)!;
        Assert.Equal((Identity.Tag, Identity.Access, Identity.Stamp), (read.Tag, read.Access, read.Stamp));
        Assert.Equal(Marks(place), Marks(read.Position));
        Assert.Equal(text, FeedCursor.Write(Identity, read.Position));
    });

    [Fact]
    public void The_longest_fits()
    {
        var marks = Enumerable.Repeat(new FeedPosition.Mark("life", Farthest - 1, Blur: Farthest), SettingsReader.MaxPartitions).ToArray();
        marks[3] = marks[3] with { Fresh = Farthest };

        Assert.InRange(FeedCursor.Write(Identity, FeedPosition.Of(marks)).Length, 1, FeedCursor.MaxLength);
    }

    [Theory]
    [InlineData(".life1~2-3.life1~2-3")] // two first readings at a time
    [InlineData(".life01")]
    [InlineData(".life")]
    [InlineData(".lifezzzzzzzzzzz")]
    [InlineData(".life1~")]
    [InlineData(".life1-0")]
    [InlineData(".")]
    [InlineData("")]
    public void What_nobody_wrote_is_not_ours(string places) => Assert.Null(FeedCursor.Read(Identity.Tag + Identity.Access + Identity.Stamp + places));

    private static FeedPosition.Mark[] Marks(FeedPosition place) => [.. Enumerable.Range(0, place.Partitions).Select(partition => place[partition])];
}
