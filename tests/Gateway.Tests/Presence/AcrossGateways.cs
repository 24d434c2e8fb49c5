using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using OrleansSync.Gateway.Presence;
using OrleansSync.Gateway.Tests.Sockets;
using OrleansSync.Grains.Presence;
using Xunit.Abstractions;

namespace OrleansSync.Gateway.Tests.Presence;

[Collection("gateway")]
public sealed class AcrossGateways(RunningGateway gateway, ITestOutputHelper output)
{
    private readonly string _collection = RunningGateway.NewCollection();

    [Fact]
    public async Task Each_sees_who_is_at_the_other()
    {
        using var other = new OtherGateway(gateway);
        using var watch = await other.Watch(_collection);
        await using var onlooker = await Onlooker.Watch(gateway, _collection);
        await using var here = await SocketClient.Greet(gateway, client: "here");

        await here.Ask(Onlooker.Announce(1, _collection, "a"));
        await Until(watch, "here a");
        await other.Announce(_collection, "a", "there");
        await onlooker.Until("here a, there a");
        await here.DisposeAsync();
        await Until(watch, "there a");
        other.Connection.Close();
        await onlooker.Until("");
    }

    [Fact]
    public async Task What_was_answered_at_one_is_in_the_first_frame_of_the_other()
    {
        await using var before = await Onlooker.Watch(gateway, _collection);
        using var other = new OtherGateway(gateway);

        for (var n = 0; n < 20; n++)
        {
            await other.Announce(_collection, $"r{n}", "there");
            await using var onlooker = await Onlooker.Watch(gateway, _collection, $"r{n}");
            Assert.Equal($"there r{n}", onlooker.First);
        }
    }

    [Fact]
    public async Task The_people_of_a_gateway_that_dies_lapse()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection);
        var other = new OtherGateway(gateway);
        await other.Announce(_collection, "a", "there", seconds: 1);
        await onlooker.Until("there a");

        other.Dispose();

        await onlooker.Until("");
    }

    [Fact]
    public async Task When_the_grain_is_lost_nobody_seems_to_leave_and_everybody_is_there_again()
    {
        using var other = new OtherGateway(gateway);
        await other.Announce(_collection, "a", "there");
        await using var here = await SocketClient.Greet(gateway, client: "here");
        await here.Ask(Onlooker.Announce(1, _collection, "a"));
        await using var onlooker = await Onlooker.Watch(gateway, _collection);
        var grain = gateway.Services.GetRequiredService<IGrainFactory>().GetGrain<IPresenceGrain>(_collection);
        var life = (await grain.Read(default)).Place.Life;

        await grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();

        var now = await grain.Read(default);
        while (now.Place.Life == life || now.Changes.Count < 2) now = await grain.Read(default);
        await other.Announce(_collection, "b", "there");
        while (await onlooker.Next() is var there && Onlooker.Shown(there) != "here a, there a, there b")
            Assert.Equal("here a, there a", Onlooker.Shown(there));
    }

    [Fact]
    public async Task Who_left_while_the_grain_was_lost_is_gone()
    {
        using var other = new OtherGateway(gateway);
        await other.Announce(_collection, "a", "there");
        await using var here = await SocketClient.Greet(gateway, client: "here");
        await here.Ask(Onlooker.Announce(1, _collection, "a"));
        await using var onlooker = await Onlooker.Watch(gateway, _collection);
        var grain = gateway.Services.GetRequiredService<IGrainFactory>().GetGrain<IPresenceGrain>(_collection);

        // A gateway that dies together with the grain announces nothing again.
        other.Dispose();
        await grain.Cast<IGrainManagementExtension>().DeactivateOnIdle();

        await onlooker.Until("here a");
    }

    [Fact]
    public async Task Others_see_it_well_within_a_tenth_of_a_second()
    {
        using var other = new OtherGateway(gateway);
        await using var here = await SocketClient.Greet(gateway, client: "here");
        var (near, far) = (new List<double>(), new List<double>());

        // In each collection once after a quiet moment, and once right after that.
        for (var round = 0; round < 40; round++)
        {
            var collection = RunningGateway.NewCollection();
            using var watch = await other.Watch(collection);
            await Until(watch, "");
            await using var onlooker = await Onlooker.Watch(gateway, collection, "a");
            for (var n = 1; n <= 2; n++)
            {
                var started = Stopwatch.GetTimestamp();
                await here.Send(Onlooker.Announce(n, collection, "a", $$""","state":{{n}}"""));
                var seen = SeenFar(watch, n, started);
                while (await onlooker.Next() is var there && (there.Count == 0 || (int)there[0]!["state"]! < n))
                {
                }
                near.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                far.Add(await seen);
            }
            await here.Ask(Onlooker.Announce(3, collection, "a", ""","seconds":0"""));
        }

        output.WriteLine($"after a quiet moment: this gateway {Figures(near, 0)}; another gateway {Figures(far, 0)}");
        output.WriteLine($"right after another: this gateway {Figures(near, 1)}; another gateway {Figures(far, 1)}");
        Assert.InRange(near.Order().ElementAt(near.Count / 2), 0, 100);
        Assert.InRange(far.Order().ElementAt(far.Count / 2), 0, 100);
    }

    private static async Task<double> SeenFar(PresenceWatch watch, int state, long started)
    {
        while (true)
        {
            await watch.Wait(default);
            var there = PeopleOf(await watch.Read(default));
            if (there.Count > 0 && (int)there[0]!["state"]! >= state) return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    private static string Figures(List<double> times, int which)
    {
        var sorted = times.Where((_, at) => at % 2 == which).Order().ToArray();
        return $"median {sorted[sorted.Length / 2]:f1} ms, p95 {sorted[sorted.Length * 95 / 100]:f1} ms, most {sorted[^1]:f1} ms";
    }

    private static async Task Until(PresenceWatch watch, string people)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        do await watch.Wait(patience.Token);
        while (Onlooker.Shown(PeopleOf(await watch.Read(patience.Token))) != people);
    }

    private static JsonArray PeopleOf(People people) => JsonNode.Parse(people.Json.Span)!["people"]!.AsArray();
}
