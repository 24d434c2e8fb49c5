using CsCheck;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Protocol;
using static OrleansSync.Gateway.Tests.Feeds.ModelFeeds;

namespace OrleansSync.Gateway.Tests.Feeds;

/// <summary>
/// Whatever is written, lost, forgotten and however readers dawdle, break off and come back: versions only rise, the chain is unbroken, nobody
/// hears of what was never theirs, and at every page that is up to date the reader holds exactly what its cursor stands for.
/// </summary>
public sealed class AnyHistory
{
    private static readonly Caller Ada = new() { Author = "ada", Authenticated = true };

    private enum Deed { Put, Delete, Hold, Deliver, DeliverReversed, DeliverAgain, Lose, Forget, Sweep, Second, Read, BreakOff, Flood }

    private static readonly Gen<(Deed Deed, int A, int B)[]> Deeds =
        Gen.Select(
            Gen.Frequency(
                (12, Gen.Const(Deed.Put)), (4, Gen.Const(Deed.Delete)), (1, Gen.Const(Deed.Hold)), (2, Gen.Const(Deed.Deliver)),
                (1, Gen.Const(Deed.DeliverReversed)), (1, Gen.Const(Deed.DeliverAgain)), (1, Gen.Const(Deed.Lose)), (1, Gen.Const(Deed.Forget)),
                (1, Gen.Const(Deed.Sweep)), (2, Gen.Const(Deed.Second)), (10, Gen.Const(Deed.Read)), (2, Gen.Const(Deed.BreakOff)), (1, Gen.Const(Deed.Flood))),
            Gen.Int[0, 9], Gen.Int[0, 99]).Array[1, 80];

    // Readings of a few entries leave everybody in the midst of something now and then.
    private static readonly Gen<History> Histories =
        Gen.Select(Gen.Int[1, 4], Gen.OneOf(Gen.Const(4096), Gen.Int[1, 8]), Deeds, (partitions, mostRead, deeds) => new History(partitions, 0, mostRead, deeds));

    private static readonly Gen<History> LongHistories =
        Gen.Select(Gen.Int[1, 8], Deeds, (mostRead, deeds) => new History(8, 1L << 40, mostRead, deeds));

    [Fact]
    public void Readers_hold_exactly_what_their_cursor_stands_for() =>
        Histories.Sample(history => Run(history, owned: false).GetAwaiter().GetResult(), iter: 200, threads: 2);

    [Fact]
    public void Owners_hold_exactly_their_own_and_hear_of_nothing_else() =>
        Histories.Sample(history => Run(history, owned: true).GetAwaiter().GetResult(), iter: 200, threads: 2);

    [Fact]
    public void Cursors_of_eight_partitions_fit_however_far_these_have_come() =>
        LongHistories.Sample(history => Run(history, owned: false).GetAwaiter().GetResult(), iter: 100, threads: 2);

    /// <param name="Start">Where each partition stands before anything is written.</param>
    /// <param name="MostRead">Entries that a reading of the grain brings at most.</param>
    private sealed record History(int Partitions, long Start, int MostRead, (Deed Deed, int A, int B)[] Deeds)
    {
        public override string ToString() => $"{Partitions} partitions from {Start}, reading {MostRead}: {string.Join(' ', Deeds)}";
    }

    private static async Task Run(History history, bool owned)
    {
        await using var feeds = new ModelFeeds(history.Partitions, history.Start);
        var model = feeds.Model;
        model.MostRead = history.MostRead;
        if (owned) model.Collection = model.Collection with { Settings = model.Collection.Settings with { Owner = "owner" } };
        Reader[] readers =
        [
            new(feeds, null, 1000, streams: true), new(feeds, """{"group":1}""", 1000, streams: true), new(feeds, """{"group":1}""", 3, streams: true),
            new(feeds, null, 2, streams: false), new(feeds, """{"group":{"gte":1}}""", 5, streams: false),
        ];
        foreach (var (deed, a, b) in history.Deeds)
            await Do(deed, a, b, feeds, readers);

        model.Streams = true;
        foreach (var reader in readers) await reader.Finish();
        foreach (var reader in readers) await reader.BreakOff();
    }

    private static async Task Do(Deed deed, int a, int b, ModelFeeds feeds, Reader[] readers)
    {
        var model = feeds.Model;
        switch (deed)
        {
            case Deed.Put: model.Put($"r{a}", Data(b)); break;
            case Deed.Delete when model.IsLive($"r{a}"): model.Delete($"r{a}"); break;
            case Deed.Hold: model.Streams = false; break;
            case Deed.Deliver: model.Streams = true; model.Deliver(); break;
            case Deed.DeliverReversed: model.Deliver(reversed: true); break;
            case Deed.DeliverAgain: model.DeliverAgain(a); break;
            case Deed.Lose: model.Lose(); break;
            case Deed.Forget: model.Remembers = a; break;
            case Deed.Sweep: model.SweepPercent(b); break;
            case Deed.Second: feeds.PassSecond(); break;
            case Deed.Read: await readers[a % readers.Length].Read(b % 4); break;
            case Deed.BreakOff: await readers[a % readers.Length].BreakOff(); break;
            case Deed.Flood:
                for (var n = 0; n < 50 * a; n++) model.Put($"r{n % 20}", Data(b + n));
                break;
        }
    }

    private static string Data(int n) => $$"""{"group":{{n % 3}},"owner":"{{(n % 5 < 2 ? "ada" : "bob")}}","n":{{n}}}""";

    /// <summary>One client: streams or polls, and checks all it is told.</summary>
    private sealed class Reader(ModelFeeds feeds, string? filter, int limit, bool streams)
    {
        private readonly Filter? _filter = Request(filter: filter).Filter;
        private readonly Dictionary<string, long> _versions = [];
        private readonly SortedSet<string> _held = [];
        private Subscription? _subscription;
        private Task<bool>? _waiting;
        private readonly List<string> _trace = [];
        private string? _cursor;

        /// <summary>Takes some pages, as many as are there.</summary>
        public async Task Read(int pages)
        {
            for (var n = 0; n <= pages; n++)
            {
                if (!streams)
                {
                    Apply(await feeds.Registry.ReadPage(Request(_cursor, filter, limit, Ada), null, default));
                    continue;
                }
                _subscription ??= await feeds.Subscribe(_cursor, filter, limit, Ada);
                _waiting ??= _subscription.WaitToRead(default).AsTask();
                if (!_waiting.IsCompleted) await Task.Yield();
                if (!_waiting.IsCompleted) return;
                _waiting = null;
                if (_subscription.TryRead(out var page)) Apply(page);
            }
        }

        public async Task BreakOff()
        {
            if (_subscription is not null) await _subscription.DisposeAsync();
            if (_waiting is not null) await _waiting;
            (_subscription, _waiting) = (null, null);
        }

        /// <summary>Reads until everything that was written is here.</summary>
        public async Task Finish()
        {
            await BreakOff();
            FeedPage? page = null;
            var begun = _trace.Count;
            do
            {
                Assert.True(_trace.Count - begun < 2000, $"no end: {filter ?? "all"} limit {limit} {(streams ? "streaming" : "polling")} heads {string.Join(' ', feeds.Model.Heads)} floors {string.Join(' ', feeds.Model.Floors)} remembers {feeds.Model.Remembers}\n{string.Join('\n', _trace.TakeLast(25))}");
                if (streams) page = await Next(_subscription ??= await feeds.Subscribe(_cursor, filter, limit, Ada));
                else page = await feeds.Registry.ReadPage(Request(_cursor, filter, limit, Ada), null, default);
                Apply(page);
            }
            while (!page.UpToDate);
            AssertHeld(feeds.Model.Heads);
        }

        private void AssertHeld(long[] places)
        {
            var expected = feeds.Model.AsOf(places, Passes);
            Assert.True(expected.SetEquals(_held),
                $"{filter ?? "all"} limit {limit} {(streams ? "streaming" : "polling")} at {string.Join(' ', places)}: missing {string.Join(' ', expected.Except(_held))}, too much {string.Join(' ', _held.Except(expected))} floors {string.Join(' ', feeds.Model.Floors)} remembers {feeds.Model.Remembers}\n{string.Join('\n', _trace)}");
        }

        private void Apply(FeedPage page)
        {
            if (_cursor is not null) Assert.Equal(_cursor, page.Since);
            _cursor = page.Cursor;
            Assert.True(_cursor.Length <= FeedCursor.MaxLength, $"too long: {_cursor}");
            var place = FeedCursor.Read(_cursor)!.Position;
            Assert.True(page.Changes.Count <= limit);
            if (page.Reset is not null)
            {
                _trace.Add("reset " + page.Reset);
                _held.Clear();
                _versions.Clear();
                return;
            }
            foreach (var change in page.Changes) Apply(change);
            _trace.Add($"{page.Since} -> {page.Cursor} {page.UpToDate} {Text(page)}");
            if (page.UpToDate) AssertHeld([.. Enumerable.Range(0, place.Partitions).Select(partition => place[partition].Seq)]);
        }

        private void Apply(FeedChange change)
        {
            var (id, version) = (change.Entry.Record.Id, change.Entry.Record.Version);
            Assert.True(version > _versions.GetValueOrDefault(id), $"{id}@{version} after {_versions.GetValueOrDefault(id)}");
            _versions[id] = version;
            Assert.True(feeds.Model.Ever(id, IsTheirs), $"{id} was never theirs to know");
            _held.RemoveWhere(held => held.StartsWith(id + "@"));
            if (change.Kind != ChangeKind.Upsert) return;
            Assert.True(Passes(change.Entry.Record));
            _held.Add($"{id}@{version}");
        }

        private bool Passes(RecordVersion record) => IsTheirs(record) && (_filter is null || _filter.Matches(record.Id, record.Data));

        private bool IsTheirs(RecordVersion record) =>
            feeds.Model.Collection.Settings.Owner is null || record.Data.AsSpan().IndexOf("\"owner\":\"ada\""u8) >= 0;
    }
}
