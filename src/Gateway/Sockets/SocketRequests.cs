using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Presence;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>
/// The conversation of one socket (protocol §9): takes frames in order, starts what they ask without waiting for what came before, and answers
/// each when it is done.
/// </summary>
internal sealed class SocketRequests(SocketConnection socket, SocketDoors doors, Caller caller, CancellationToken gone)
{
    private const long Version = 1;

    private readonly SocketSubscriptions _subscriptions = new(socket.Outbox, doors.Feeds, doors.Settings.Limits.Subscriptions, gone);
    private SocketPresence? _presence;
    private readonly WriteOrder _order = new();
    private Caller _caller = caller;
    private string? _client;
    private volatile bool _greeted;

    /// <summary>Most sockets have no use for it.</summary>
    private SocketPresence Presence => _presence ??= new(socket, doors, _subscriptions, gone);

    /// <summary>True after a good hello.</summary>
    public bool Greeted => _greeted;

    /// <summary>When the socket's token ends; null = never.</summary>
    public DateTimeOffset? Expires => Volatile.Read(ref _caller).Expires;

    /// <summary>True when nothing more is taken.</summary>
    public bool Stopped { get; set; }

    /// <summary>Now and then: forgets what only matters while there is traffic.</summary>
    public void Forget() => _order.Rotate();

    /// <summary>Takes one frame. What it returns must be done before the next frame is taken; the frame's bytes are free at once.</summary>
    public ValueTask Take(ReadOnlyMemory<byte> frame)
    {
        if (Stopped) return ValueTask.CompletedTask;
        JsonMembers members;
        try
        {
            members = JsonMembers.Cut(frame);
        }
        catch (RefusedException refused)
        {
            socket.Close(CloseCode.Malformed, "malformed", refused.Problem);
            return ValueTask.CompletedTask;
        }
        return Take(members);
    }

    private ValueTask Take(JsonMembers members)
    {
        var to = default(SocketRef);
        try
        {
            to = SocketRef.Of(members);
            var type = members.String("type");
            if (type == "hello" || !_greeted) return Greet(to, type, members);
            return Start(to, type, members);
        }
        catch (RefusedException refused)
        {
            if (_greeted) socket.Outbox.Problem(to, refused.Problem);
            else Reject(to, refused.Problem);
            return socket.Ready();
        }
    }

    private ValueTask Greet(SocketRef to, string? type, JsonMembers hello)
    {
        var problem =
            type != "hello" ? new Problem(Codes.Malformed, "The first frame must be hello.")
            : _greeted ? new Problem(Codes.Malformed, "Hello was said already; a new token goes into a token frame.")
            : hello.Integer("version") != Version ? new Problem(Codes.Malformed, $"'version' must be {Version}.")
            : null;
        if (problem is not null)
        {
            Reject(to, problem);
            return ValueTask.CompletedTask;
        }
        _client = Calls.ClientOf(hello);
        return Welcome(to, hello.String("token"));
    }

    private async ValueTask Welcome(SocketRef to, string? token)
    {
        try
        {
            if (token is not null) _caller = await doors.Callers.Read(token);
        }
        catch (RefusedException refused)
        {
            socket.Outbox.Problem(to, refused.Problem);
            socket.Close(CloseCode.Unauthorized, "unauthorized");
            return;
        }
        SendWelcome(to);
        _greeted = true;
    }

    private void Reject(SocketRef to, Problem problem)
    {
        socket.Outbox.Problem(to, problem);
        socket.Close(CloseCode.Malformed, problem.Code);
    }

    private void SendWelcome(SocketRef to) =>
        socket.Outbox.Welcome(to, _caller.Author, Timestamp.Now(doors.Clock), doors.Settings.Limits);

    private ValueTask Start(SocketRef to, string? type, JsonMembers members)
    {
        switch (type)
        {
            case "write":
                return Write(to, doors.Calls.WritesOf(members, _caller, _client));
            case "claim":
                return Write(to, doors.Calls.OfConflict(members, WriteOp.Claim, _caller, _client));
            case "release":
                return Write(to, doors.Calls.OfConflict(members, WriteOp.Release, _caller, _client));
            case "resolve":
                return Write(to, doors.Calls.OfConflict(members, WriteOp.Resolve, _caller, _client));
            case "get":
                _ = Get(to, Calls.RecordOf(members));
                break;
            case "subscribe":
                _ = _subscriptions.Subscribe(to, Calls.FeedOf(members, _caller));
                break;
            case "unsubscribe":
                _subscriptions.Unsubscribe(to, members.String("feed") ?? throw Missing("feed"));
                break;
            case "announce":
                return Presence.Announce(to, AnnounceRequest.Of(members), _caller, _client);
            case "watch":
                Presence.Watch(to, WatchRequest.Of(members), _caller);
                break;
            case "unwatch":
                Presence.Unwatch(to, WatchRequest.Of(members));
                break;
            case "token":
                return Renew(to, members.String("token") ?? throw Missing("token"));
            case "ping":
                socket.Outbox.Pong(to, Timestamp.Now(doors.Clock));
                break;
            default:
                throw new RefusedException(Codes.Malformed, type is null ? "'type' is missing." : "This type of frame is not known.");
        }
        return socket.Ready();
    }

    private async ValueTask Write(SocketRef to, WriteBatch batch)
    {
        var spent = await doors.Calls.Learn(batch);
        socket.InFlight.Enter(batch.Weight);
        if (batch.Reads is [{ Write: { } single }])
        {
            var record = RecordKey.Of(single);
            if (_order.TryGo(record)) _ = AnswerWrites(to, batch, spent);
            else _order.Follow(record, () => _ = AnswerWrites(to, batch, spent));
        }
        else
        {
            var records = batch.Records(out var chains);
            foreach (var record in records) await Turn(record);
            var answered = AnswerWrites(to, batch, spent);
            // Later writes of a record must not overtake those of this frame that wait for each other.
            if (chains) await answered;
        }
        await socket.Ready();
    }

    private Task Turn(RecordKey record)
    {
        if (_order.TryGo(record)) return Task.CompletedTask;
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _order.Follow(record, turn.SetResult);
        return turn.Task;
    }

    private async Task AnswerWrites(SocketRef to, WriteBatch batch, TimeSpan spent)
    {
        try
        {
            var results = await doors.Calls.Write(batch, _caller, gone, spent);
            if (batch.Alone) socket.Outbox.Result(to, results[0]);
            else socket.Outbox.Results(to, results);
        }
        catch (Exception failure)
        {
            Fail(to, failure);
        }
        finally
        {
            foreach (var read in batch.Reads)
                if (read.Write is { } write) _order.Answered(RecordKey.Of(write));
            socket.InFlight.Leave(batch.Weight);
        }
    }

    private async Task Get(SocketRef to, RecordKey key)
    {
        socket.InFlight.Enter(1);
        try
        {
            socket.Outbox.Record(to, await doors.Calls.Get(key, _caller));
        }
        catch (Exception failure)
        {
            Fail(to, failure);
        }
        finally
        {
            socket.InFlight.Leave(1);
        }
    }

    /// <summary>A token that does not hold changes nothing: the old one still counts until it ends.</summary>
    private async ValueTask Renew(SocketRef to, string token)
    {
        try
        {
            var renewed = await doors.Callers.Read(token);
            if (renewed.Author != _caller.Author)
                throw new RefusedException(Codes.Forbidden, "The token is somebody else's: connect again to change who you are.");
            Volatile.Write(ref _caller, renewed);
            _subscriptions.Renew(renewed);
            _presence?.Renew(renewed);
            SendWelcome(to);
        }
        catch (RefusedException refused)
        {
            socket.Outbox.Problem(to, refused.Problem);
        }
    }

    private void Fail(SocketRef to, Exception failure)
    {
        var problem = GrainFailure.ProblemOf(failure);
        if (problem.Code == Codes.Internal) doors.Log.RequestFailed(failure);
        socket.Outbox.Problem(to, problem);
    }

    private static RefusedException Missing(string name) => new(Codes.Malformed, $"'{name}' is missing.");
}
