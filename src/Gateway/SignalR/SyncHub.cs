using System.Buffers;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.SignalR;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Sockets;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.SignalR;

/// <summary>
/// The hub <c>/v1/sync</c> (protocol §10): the socket's requests as calls, its subscriptions as streams. A stream is a cursor of its own, never
/// a group: one that reads slowly waits for itself alone.
/// </summary>
internal sealed partial class SyncHub(
    Calls calls, FeedRegistry feeds, CallerReader callers, ServerSettings settings, TimeProvider clock, ILogger<SyncHub> log) : Hub
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    public override async Task OnConnectedAsync()
    {
        try
        {
            var http = Context.GetHttpContext()!;
            var caller = await callers.Read(http, alsoInQuery: true);
            new HubCaller(caller, SignalREndpoint.ClientOf(http), settings.Limits, clock).Keep(Context);
        }
        catch (Exception failure)
        {
            throw Refusal(failure);
        }
    }

    /// <summary><c>{"writes": [Write, …]}</c> → <c>{"results": [Result, …]}</c>, in order.</summary>
    public async Task<HubReply> Write(HubRequest request)
    {
        try
        {
            var who = HubCaller.Of(Context);
            var caller = who.Current;
            var batch = calls.WritesOf(request.Members, caller, who.Client);
            var results = await calls.Write(batch, caller, Context.ConnectionAborted);
            return Reply(results, static (ref json, results) =>
            {
                json.Raw("{\"results\":"u8);
                ResultJson.WriteArray(ref json, results);
                json.Raw('}');
            });
        }
        catch (Exception failure)
        {
            throw Refusal(failure);
        }
    }

    /// <summary><c>{"collection", "record", "seconds"}</c> → <c>{"result": Result}</c>.</summary>
    public Task<HubReply> Claim(HubRequest request) => OfConflict(request, WriteOp.Claim);

    /// <summary><c>{"collection", "record"}</c> → <c>{"result": Result}</c>.</summary>
    public Task<HubReply> Release(HubRequest request) => OfConflict(request, WriteOp.Release);

    /// <summary><c>{"collection", "record", "choices", "expect", "note"}</c> → <c>{"result": Result}</c>.</summary>
    public Task<HubReply> Resolve(HubRequest request) => OfConflict(request, WriteOp.Resolve);

    private async Task<HubReply> OfConflict(HubRequest request, WriteOp op)
    {
        try
        {
            var who = HubCaller.Of(Context);
            var caller = who.Current;
            var results = await calls.Write(calls.OfConflict(request.Members, op, caller, who.Client), caller, Context.ConnectionAborted);
            return Reply(results[0], static (ref json, result) =>
            {
                json.Raw("{\"result\":"u8);
                ResultJson.Write(ref json, result);
                json.Raw('}');
            });
        }
        catch (Exception failure)
        {
            throw Refusal(failure);
        }
    }

    /// <summary><c>{"collection", "record"}</c> → <c>{"record": Record}</c>, tombstones too.</summary>
    public async Task<HubReply> Get(HubRequest request)
    {
        try
        {
            return Reply(await calls.Get(Calls.RecordOf(request.Members), HubCaller.Of(Context).Current));
        }
        catch (Exception failure)
        {
            throw Refusal(failure);
        }
    }

    /// <summary><c>{"collection", "filter", "since"}</c> → pages, the first at once, an empty one whenever it was quiet for 15 s.</summary>
    public async IAsyncEnumerable<FeedPage> Changes(HubRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var stream = await Open(request, Calls.FeedOf, cancel);
        while (await Next(stream, cancel) is { } page) yield return page;
    }

    /// <summary><c>{"collection", "record"}</c> → <c>{"record": Record}</c> at once and at each change; without record while there is none to see.</summary>
    public async IAsyncEnumerable<HubReply> Record(HubRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        // The feed is open before the record is read: what happens in between comes twice rather than never.
        await using var stream = await Open(request, FeedOfRecord, cancel);
        var shown = await Look(request);
        yield return Reply(shown);
        while (await Next(stream, cancel) is { } page)
        {
            if (page.Reset is not null && await Look(request) is var now && now?.Version != shown?.Version) yield return Reply(shown = now);
            foreach (var change in page.Changes)
            {
                if (change.Entry.Record.Version <= shown?.Version) continue;
                shown = change.Kind == ChangeKind.Leave ? null : change.Entry.Record;
                yield return Reply(shown);
            }
        }
    }

    private static FeedRequest FeedOfRecord(JsonMembers members, Caller caller)
    {
        var key = Calls.RecordOf(members);
        var filter = new ArrayBufferWriter<byte>();
        var json = new JsonOut(filter);
        json.Raw("{\"$id\":"u8);
        json.String(key.Record);
        json.Raw('}');
        json.End();
        return new() { Collection = key.Collection, Filter = Filter.Parse(filter.WrittenSpan), Since = FeedRequest.Now, Caller = caller };
    }

    private async ValueTask<HubStream> Open(HubRequest request, Func<JsonMembers, Caller, FeedRequest> read, CancellationToken cancel)
    {
        var who = HubCaller.Of(Context);
        try
        {
            who.OpenStream();
            try
            {
                return new(await feeds.Subscribe(read(request.Members, who.Current), cancel), who);
            }
            catch
            {
                who.CloseStream();
                throw;
            }
        }
        catch (Exception failure)
        {
            throw Refusal(failure);
        }
    }

    /// <summary>The next page, an empty one after a quiet time; null when the reader has gone.</summary>
    private async ValueTask<FeedPage?> Next(HubStream stream, CancellationToken cancel)
    {
        try
        {
            return await stream.Next(Quiet, clock, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure)
        {
            throw Refusal(failure);
        }
    }

    private async ValueTask<RecordVersion?> Look(HubRequest request)
    {
        try
        {
            return await calls.Find(Calls.RecordOf(request.Members), HubCaller.Of(Context).Current);
        }
        catch (Exception failure)
        {
            throw Refusal(failure);
        }
    }

    private static HubReply Reply(RecordVersion? record) => Reply(record, static (ref json, record) =>
    {
        json.Raw('{');
        if (record is not null)
        {
            json.Raw("\"record\":"u8);
            RecordJson.Write(ref json, record);
        }
        json.Raw('}');
    });

    private delegate void Encode<T>(ref JsonOut json, T value);

    private static HubReply Reply<T>(T value, Encode<T> encode)
    {
        var target = new ArrayBufferWriter<byte>();
        var json = new JsonOut(target);
        encode(ref json, value);
        json.End();
        return new(target.WrittenMemory);
    }

    private HubException Refusal(Exception failure)
    {
        var problem = GrainFailure.ProblemOf(failure);
        if (problem.Code == Codes.Internal) log.CallFailed(failure);
        return new($"{problem.Code}: {problem.Detail}");
    }
}
