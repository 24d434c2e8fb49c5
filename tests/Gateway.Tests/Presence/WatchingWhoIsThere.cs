using System.Text.Json.Nodes;
using OrleansSync.Gateway.Tests.Sockets;

namespace OrleansSync.Gateway.Tests.Presence;

[Collection("gateway")]
public sealed class WatchingWhoIsThere(RunningGateway gateway)
{
    private readonly string _collection = RunningGateway.NewCollection();

    [Fact]
    public async Task The_first_frame_comes_at_once_even_if_nobody_is_there()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection, "a");

        Assert.Equal("", onlooker.First);
    }

    [Fact]
    public async Task Another_socket_sees_an_announcement_its_change_and_its_end()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection, "a");
        await using var ada = await SocketClient.Greet(gateway, client: "tab-1");

        var announced = await ada.Ask(Onlooker.Announce(1, _collection, "a", ""","fields":["title","owner.name"],"state":{"cursor": [3, 1.50]},"seconds":60"""));
        var person = (await onlooker.Until("tab-1 a"))[0]!.AsObject();
        await ada.Ask(Onlooker.Announce(2, _collection, "a", ""","state":"typing" """));
        var changed = (await onlooker.Until("tab-1 a"))[0]!.AsObject();
        await ada.Ask(Onlooker.Announce(3, _collection, "a", ""","seconds":0"""));
        await onlooker.Until("");

        Assert.Equal("""{"type":"announced","ref":1}""", announced.ToJsonString());
        Assert.Equal(["author", "client", "record", "fields", "state", "until"], person.Select(member => member.Key));
        Assert.Equal(("anonymous", "tab-1", "a"), ((string)person["author"]!, (string)person["client"]!, (string)person["record"]!));
        Assert.Equal("""["title","owner.name"]""", person["fields"]!.ToJsonString());
        Assert.Equal("""{"cursor":[3,1.50]}""", person["state"]!.ToJsonString());
        Assert.InRange(DateTimeOffset.Parse((string)person["until"]!) - DateTimeOffset.UtcNow, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(61));
        Assert.Equal(["author", "client", "record", "state", "until"], changed.Select(member => member.Key));
        Assert.Equal("\"typing\"", changed["state"]!.ToJsonString());
    }

    [Fact]
    public async Task Who_closes_is_gone()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection);
        var ada = await SocketClient.Greet(gateway, client: "tab-1");
        for (var n = 1; n <= 3; n++) await ada.Ask(Onlooker.Announce(n, _collection, $"r{n}", ""","seconds":300"""));
        await onlooker.Until("tab-1 r1, tab-1 r2, tab-1 r3");

        await ada.DisposeAsync();

        await onlooker.Until("");
    }

    [Fact]
    public async Task Whose_connection_breaks_is_gone()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection);
        var ada = await RawSocket.Open(gateway);
        await ada.Send([
            .. ClientFrame.Text("""{"type":"hello","version":1,"client":"tab-1"}"""), .. ClientFrame.Text(Onlooker.Announce(1, _collection, "a", ""","seconds":300"""))]);
        await onlooker.Until("tab-1 a");

        await ada.DisposeAsync();

        await onlooker.Until("");
    }

    [Fact]
    public async Task Who_says_nothing_more_lapses()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection, "a");
        await using var ada = await SocketClient.Greet(gateway, client: "tab-1");

        await ada.Ask(Onlooker.Announce(1, _collection, "a", ""","seconds":1"""));

        await onlooker.Until("tab-1 a");
        await onlooker.Until("");
    }

    [Fact]
    public async Task One_sees_oneself_and_at_once_what_one_has_announced()
    {
        await using var ada = await SocketClient.Greet(gateway, client: "tab-1");
        await ada.Ask(Onlooker.Announce(1, _collection, "a"));

        var presence = await ada.Ask(Onlooker.Frame("watch", 2, _collection, "a"));

        Assert.Equal("tab-1 a", Onlooker.Shown(presence["people"]!.AsArray()));
    }

    [Fact]
    public async Task A_record_shows_only_its_own_people_a_collection_everybody_in_order()
    {
        await using var one = await Onlooker.Watch(gateway, _collection, "a");
        await using var all = await Onlooker.Watch(gateway, _collection);
        await using var second = await SocketClient.Greet(gateway, client: "tab-2");
        await using var first = await SocketClient.Greet(gateway, client: "tab-1");
        await using var nameless = await SocketClient.Greet(gateway);

        await second.Ask(Onlooker.Announce(1, _collection, "a"));
        await first.Ask(Onlooker.Announce(1, _collection, "b"));
        await nameless.Ask(Onlooker.Announce(1, _collection, "b"));
        await first.Ask(Onlooker.Announce(2, _collection, "a"));

        await all.Until("anonymous b, tab-1 a, tab-1 b, tab-2 a");
        await one.Until("tab-1 a, tab-2 a");
    }

    [Fact]
    public async Task Nothing_comes_after_unwatched()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection, "a");
        await using var ada = await SocketClient.Greet(gateway);

        var answer = await onlooker.Socket.Ask(Onlooker.Frame("unwatch", 2, _collection, "a"));
        await ada.Ask(Onlooker.Announce(1, _collection, "a"));
        await onlooker.Socket.Send("""{"type":"ping","ref":3}""");
        var next = await onlooker.Socket.Receive();
        var again = await onlooker.Socket.Ask(Onlooker.Frame("watch", 4, _collection, "a"));

        Assert.Equal("""{"type":"unwatched","ref":2}""", answer.ToJsonString());
        Assert.Equal("pong", (string?)next!["type"]);
        Assert.Single(again["people"]!.AsArray());
    }

    [Fact]
    public async Task Watching_twice_exists_and_what_is_not_watched_is_not_found()
    {
        await using var socket = await SocketClient.Greet(gateway);
        await socket.Ask(Onlooker.Frame("watch", 1, _collection, "a"));

        var twice = await socket.Ask(Onlooker.Frame("watch", 2, _collection, "a"));
        var everybody = await socket.Ask(Onlooker.Frame("watch", 3, _collection));
        var other = await socket.Ask(Onlooker.Frame("unwatch", 4, _collection, "b"));

        Assert.Equal(("exists", "not-found"), ((string?)twice["code"], (string?)other["code"]));
        Assert.Equal("presence", (string?)everybody["type"]);
    }

    [Fact]
    public async Task What_is_sent_without_waiting_is_done_in_its_order()
    {
        await using var onlooker = await Onlooker.Watch(gateway, _collection);
        await using var ada = await SocketClient.Greet(gateway, client: "tab-1");

        for (var n = 1; n <= 50; n++) await ada.Send(Onlooker.Announce(n, _collection, "a", $$""","state":{{n}}"""));
        await ada.Send(Onlooker.Announce(51, _collection, "b"));
        await ada.Send(Onlooker.Announce(52, _collection, "b", ""","seconds":0"""));
        await ada.Ask(Onlooker.Announce(53, _collection, "c"));

        var last = 0;
        while (true)
        {
            var there = await onlooker.Next();
            if (there.Count == 0) continue;
            Assert.True((int)there[0]!["state"]! >= last);
            last = (int)there[0]!["state"]!;
            if (Onlooker.Shown(there) == "tab-1 a, tab-1 c") break;
        }
        Assert.Equal(50, last);
    }

    public static TheoryData<string, string, string> Problems => new()
    {
        { "announce without record", """{"type":"announce","ref":1,"collection":"todos"}""", "malformed" },
        { "announce in a bad collection", """{"type":"announce","ref":1,"collection":"To Do","record":"a"}""", "invalid-name" },
        { "announce of a bad record", """{"type":"announce","ref":1,"collection":"todos","record":".."}""", "invalid-name" },
        { "seconds below zero", Onlooker.Announce(1, "todos", "a", ""","seconds":-1"""), "malformed" },
        { "seconds over the most", Onlooker.Announce(1, "todos", "a", ""","seconds":301"""), "malformed" },
        { "broken seconds", Onlooker.Announce(1, "todos", "a", ""","seconds":1.5"""), "malformed" },
        { "fields that are no list", Onlooker.Announce(1, "todos", "a", ""","fields":"title" """), "malformed" },
        { "a field that is no path", Onlooker.Announce(1, "todos", "a", ""","fields":["a..b"]"""), "malformed" },
        { "a field that is no string", Onlooker.Announce(1, "todos", "a", ""","fields":[1]"""), "malformed" },
        { "too many fields", Onlooker.Announce(1, "todos", "a", $$""","fields":[{{string.Join(',', Enumerable.Repeat("\"f\"", 65))}}]"""), "too-large" },
        { "too long fields", Onlooker.Announce(1, "todos", "a", $$""","fields":["{{new string('f', 4097)}}"]"""), "too-large" },
        { "state with a name twice", Onlooker.Announce(1, "todos", "a", ""","state":{"a":1,"a":2}"""), "malformed" },
        { "state that is too deep", Onlooker.Announce(1, "todos", "a", $$""","state":{{new string('[', 33)}}{{new string(']', 33)}}"""), "too-deep" },
        { "state that is too large", Onlooker.Announce(1, "todos", "a", $$""","state":"{{new string('x', 4096)}}" """), "too-large" },
        { "watch without collection", """{"type":"watch","ref":1,"record":"a"}""", "malformed" },
        { "watch with a bad collection", """{"type":"watch","ref":1,"collection":"To Do"}""", "invalid-name" },
        { "watch with a bad record", """{"type":"watch","ref":1,"collection":"todos","record":"a b"}""", "invalid-name" },
        { "unwatch without collection", """{"type":"unwatch","ref":1}""", "malformed" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task What_is_wrong_is_a_problem_and_the_socket_goes_on(string why, string frame, string code)
    {
        _ = why;
        await using var socket = await SocketClient.Greet(gateway);

        var problem = await socket.Ask(frame);

        Assert.Equal(("problem", code), ((string?)problem["type"], (string?)problem["code"]));
        Assert.Equal("pong", (string?)(await socket.Ask("""{"type":"ping","ref":2}"""))["type"]);
    }

    [Fact]
    public async Task Without_ref_it_is_answered_without()
    {
        await using var socket = await SocketClient.Greet(gateway);

        await socket.Send($$"""{"type":"announce","collection":"{{_collection}}","record":"a","seconds":300,"state":null,"unknown":1}""");
        Assert.Equal("""{"type":"announced"}""", (await socket.Receive("announced")).ToJsonString());
        await socket.Send($$"""{"type":"watch","collection":"{{_collection}}"}""");

        var presence = await socket.Receive("presence");
        Assert.Equal(["type", "people"], presence.Select(member => member.Key));
        Assert.Equal(["author", "record", "until"], presence["people"]![0]!.AsObject().Select(member => member.Key));
    }

    [Fact]
    public async Task A_socket_announces_a_hundred_records_and_one_again_and_again()
    {
        await using var socket = await SocketClient.Greet(gateway);
        for (var n = 1; n <= 100; n++) await socket.Send(Onlooker.Announce(n, _collection, $"r{n}"));
        for (var n = 1; n <= 100; n++) Assert.Equal("announced", (string?)(await socket.Receive())!["type"]);

        var renewed = await socket.Ask(Onlooker.Announce(101, _collection, "r7"));
        var more = await socket.Ask(Onlooker.Announce(102, _collection, "r101"));
        await socket.Ask(Onlooker.Announce(103, _collection, "r7", ""","seconds":0"""));
        var instead = await socket.Ask(Onlooker.Announce(104, _collection, "r101"));

        Assert.Equal(["announced", "rate-limited", "announced"], new[] { renewed, more, instead }.Select(answer => (string?)(answer["code"] ?? answer["type"])));
    }

    [Fact]
    public async Task Watches_and_subscriptions_have_one_limit()
    {
        await using var socket = await SocketClient.Greet(gateway);
        for (var n = 1; n <= 50; n++) await socket.Ask(Onlooker.Frame("watch", n, _collection, $"r{n}"));
        for (var n = 51; n <= 100; n++)
            await socket.Ask($$$"""{"type":"subscribe","ref":{{{n}}},"collection":"{{{_collection}}}","filter":{"n":{{{n}}}}}""");

        var watch = await socket.Ask(Onlooker.Frame("watch", 101, _collection));
        var subscribe = await socket.Ask($$"""{"type":"subscribe","ref":102,"collection":"{{_collection}}"}""");
        await socket.Ask(Onlooker.Frame("unwatch", 103, _collection, "r1"));
        var instead = await socket.Ask(Onlooker.Frame("watch", 104, _collection));

        Assert.Equal(["rate-limited", "rate-limited", "presence"], new[] { watch, subscribe, instead }.Select(answer => (string?)(answer["code"] ?? answer["type"])));
    }
}
