using CsCheck;
using OrleansSync.Load.Generators;
using OrleansSync.Load.Measures;

namespace OrleansSync.Load.Tests;

public sealed class SharingALoad
{
    [Fact]
    public void Each_connection_is_in_one_share_and_no_share_is_larger_by_more_than_one() => Gen.Select(Gen.Int[0, 40], Gen.Int[0, 6000], Gen.Int[1, 9]).Sample((writers, subscribers, parts) =>
    {
        var shares = new Share { Writers = writers, Subscribers = subscribers, InFlight = 8, Records = 100, Seed = 7 }.Split(parts).ToArray();

        Assert.Equal(parts, shares.Length);
        Assert.Equal(Enumerable.Range(0, writers), shares.SelectMany(share => Enumerable.Range(share.FirstWriter, share.Writers)));
        Assert.Equal(Enumerable.Range(0, subscribers), shares.SelectMany(share => Enumerable.Range(share.FirstSubscriber, share.Subscribers)));
        Assert.InRange(shares.Max(share => share.Subscribers) - shares.Min(share => share.Subscribers), 0, 1);
        Assert.All(shares, share => Assert.Equal((8, 100, 7), (share.InFlight, share.Records, share.Seed)));
    });

    [Fact]
    public void What_was_noted_in_two_processes_adds_up()
    {
        var (one, other, both) = (Arrivals.Histogram(), Arrivals.Histogram(), Arrivals.Histogram());
        for (var value = 1; value <= 1000; value++) (value % 2 == 0 ? one : other).RecordValue(value * 1000L);

        foreach (var part in new[] { one, other }) both.Add(HistogramText.Read(HistogramText.Write(part)));

        var latency = Latency.From(both, "asking to the answer");
        Assert.Equal(1000, latency.Count);
        Assert.InRange(latency.P50, 499.5, 500.5);
        Assert.InRange(latency.Max, 999, 1001);
    }

    [Fact]
    public void An_order_and_an_answer_are_a_line_each()
    {
        var order = new Order { Do = Do.Connect, Url = "http://127.0.0.1:5080/", Run = 3, Share = new() { Writers = 2 } };
        var answer = new Answer { Answered = 5, Done = Do.Connect };

        Assert.DoesNotContain('\n', JsonLine.Of(order));
        Assert.Equal((order, answer), (JsonLine.Read<Order>(JsonLine.Of(order)), JsonLine.Read<Answer>(JsonLine.Of(answer))));
        Assert.Null(JsonLine.Read<Answer>(JsonLine.Of(new Answer { Answered = 5 })).Done);
    }
}
