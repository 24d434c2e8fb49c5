using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Guarantee 4, second half: what comes of timestamped writes does not depend on the order they arrive in.</summary>
public sealed class AnyOrderOfWrites
{
    private static readonly Gen<Arrival[]> Arrivals =
        Gen.Select(
            Gen.Select(RandomEdits.Timestamped, Gen.Int[0, 99], Gen.Bool).Select((write, turn, reload) => new Arrival(write, turn, reload))
                .Array[1, 11],
            RandomEdits.Stamped(RandomEdits.Put))
        .Select(InSomeOrder);

    [Fact]
    public void Every_order_gives_what_the_writes_done_by_timestamp_would() => Arrivals.Sample(
        arrivals =>
        {
            var record = new OneRecord();
            foreach (var (write, _, reload) in arrivals)
            {
                record.Do(write);
                if (reload)
                    record.Reload();
            }

            Assert.DoesNotContain(record.Decisions, decision => decision.Outcome is Outcome.Rejected or Outcome.Invalid);
            AssertIs(NaiveReplay.Of(arrivals.Select(arrival => arrival.Write)), record);
        },
        print: Show);

    [Fact]
    public void Every_step_on_the_way_is_what_the_writes_so_far_would_give() => Arrivals.Sample(
        arrivals =>
        {
            var record = new OneRecord();
            for (var i = 0; i < arrivals.Length; i++)
            {
                record.Do(arrivals[i].Write);
                AssertIs(NaiveReplay.Of(arrivals[..(i + 1)].Select(arrival => arrival.Write)), record);
            }
        },
        print: Show);

    [Fact]
    public void A_superseded_write_makes_no_version_and_any_other_makes_one() => Arrivals.Sample(
        arrivals =>
        {
            var record = new OneRecord();
            foreach (var (write, _, _) in arrivals)
            {
                var (version, data) = (record.Version, record.Data);
                var nothingToDelete = record.State is { Deleted: true } && write.Op == WriteOp.Delete;

                var decision = record.Do(write);

                Assert.Equal(decision.Outcome != Outcome.Superseded && !nothingToDelete, decision.MakesVersion);
                Assert.Equal(decision.MakesVersion ? version + 1 : version, record.Version);
                if (!decision.MakesVersion)
                    Assert.Equal(data, record.Data);
            }
        },
        print: Show);

    [Fact]
    public void Counts_follow_what_is_live() => Arrivals.Sample(
        arrivals =>
        {
            var record = new OneRecord();
            foreach (var (write, _, _) in arrivals)
            {
                var lived = record.Data is not null;
                var decision = record.Do(write);

                Assert.Equal(!lived && record.Data is not null, decision.Created);
            }
        },
        print: Show);

    private static void AssertIs(NaiveReplay expected, OneRecord record)
    {
        var view = record.State!.View;
        Assert.Equal(expected.Data is null, view.Deleted);
        Assert.True(
            expected.Data is null || DataText.AreEqual(expected.Data, view.Data),
            $"expected {Edits.Text(expected.Data)}, is {record.Data}");
        Assert.Equal(
            (expected.Latest.Timestamp, expected.Latest.Author, expected.Latest.Client),
            (view.Timestamp, view.Author, view.Client));
    }

    // A patch or delete that arrives when there is no record is refused, and so no part of the record's story: a put comes first.
    private static Arrival[] InSomeOrder(Arrival[] arrivals, Write first)
    {
        var named = RandomEdits.Named(arrivals.Select(arrival => arrival.Write).Append(first));
        var rest = arrivals.Select((arrival, i) => arrival with { Write = named[i] }).OrderBy(arrival => arrival.Turn);
        return [new Arrival(named[^1], 0, false), .. rest];
    }

    private static string Show(Arrival[] arrivals) =>
        string.Concat(arrivals.Select(arrival => $"\n  {RandomEdits.Show(arrival.Write)}{(arrival.Reload ? ", reload" : "")}"));

    private sealed record Arrival(Write Write, int Turn, bool Reload);
}
