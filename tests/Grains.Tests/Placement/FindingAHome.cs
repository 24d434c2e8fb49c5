using System.Net;
using Orleans.Runtime;
using OrleansSync.Grains.Feeds;
using OrleansSync.Grains.Placement;
using OrleansSync.Grains.Records;

namespace OrleansSync.Grains.Tests.Placement;

/// <summary>Every silo computes alike where a feed belongs, and only what has to move does.</summary>
public sealed class FindingAHome
{
    private static readonly FeedKey[] Feeds = [.. Enumerable.Range(0, 3000).Select(number => new FeedKey($"c{number / 4}", number % 4))];

    [Fact]
    public void The_order_in_which_silos_are_known_does_not_matter()
    {
        var silos = Silos(11111, 11112, 11113);

        Assert.All(Feeds, feed => Assert.Equal(FeedHomes.Choose(feed, silos), FeedHomes.Choose(feed, [.. silos.Reverse()])));
    }

    [Fact]
    public void Silos_have_about_as_many_each()
    {
        var shares = Feeds.CountBy(feed => FeedHomes.Choose(feed, Silos(11111, 11112, 11113))!).Select(share => share.Value);

        Assert.All(shares, share => Assert.InRange(share, 850, 1150));
    }

    [Fact]
    public void When_one_goes_only_its_feeds_move()
    {
        var (three, two) = (Silos(11111, 11112, 11113), Silos(11111, 11113));

        Assert.All(Feeds.Where(feed => FeedHomes.Choose(feed, three)!.Endpoint.Port != 11112), feed =>
            Assert.Equal(FeedHomes.Choose(feed, three), FeedHomes.Choose(feed, two)));
    }

    [Fact]
    public void One_that_is_started_again_has_its_feeds_again()
    {
        var (before, after) = (Silos(11111, 11112), (SiloAddress[])[Silo(11111, 1), Silo(11112, 99)]);

        Assert.All(Feeds, feed => Assert.Equal(FeedHomes.Choose(feed, before)!.Endpoint, FeedHomes.Choose(feed, after)!.Endpoint));
    }

    [Fact]
    public void Records_are_spread_over_the_partitions_of_their_collection()
    {
        var shares = Enumerable.Range(0, 4000).CountBy(number => new RecordKey("notes", $"r{number}").FeedOf(4).Partition).ToDictionary();

        Assert.Equal([0, 1, 2, 3], shares.Keys.Order());
        Assert.All(shares.Values, share => Assert.InRange(share, 850, 1150));
    }

    private static SiloAddress[] Silos(params int[] ports) => [.. ports.Select(port => Silo(port, 1))];

    private static SiloAddress Silo(int port, int life) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), life);
}
