using OrleansSync.Gateway.Sockets;
using OrleansSync.Grains.Presence;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Presence;

/// <summary>What one connection announces: one thing about each record, until it says otherwise, it lapses, or the connection goes.</summary>
internal sealed class Announcer(PresenceDesks desks, TimeProvider clock)
{
    private const int MostRecords = 100;

    private readonly long _connection = desks.NextConnection();
    private readonly Lock _gate = new();
    private readonly Dictionary<RecordKey, Live> _live = [];
    private bool _closed;

    /// <summary>
    /// Announces, or takes back what lasts no longer; what it returns completes when everybody can see it. In the order of the calls. Throws
    /// <see cref="RefusedException"/> (rate-limited).
    /// </summary>
    public Task Announce(RecordKey key, Announcement what, TimeSpan lasts)
    {
        lock (_gate)
        {
            if (_closed) return Task.CompletedTask;
            if (lasts <= TimeSpan.Zero) return _live.Remove(key, out var live) ? Withdraw(key, live) : Task.CompletedTask;
            if (!_live.ContainsKey(key) && _live.Count >= MostRecords) MakeRoom();
            var desk = desks.Use(key.Collection);
            try
            {
                _live[key] = new(desk, clock.GetTimestamp(), lasts);
                return desk.Announce(desk.KeyOf(_connection, key.Record), what, lasts);
            }
            finally
            {
                desks.Leave(desk);
            }
        }
    }

    /// <summary>The connection has gone: takes everything back.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var (key, live) in _live) _ = Withdraw(key, live);
            _live.Clear();
        }
    }

    private Task Withdraw(RecordKey key, Live live) => live.Desk.Withdraw(live.Desk.KeyOf(_connection, key.Record));

    private void MakeRoom()
    {
        foreach (var (key, live) in _live)
            if (clock.GetElapsedTime(live.Since) >= live.Lasts) _live.Remove(key);
        if (_live.Count >= MostRecords)
            throw new RefusedException(Codes.RateLimited, $"A connection may announce {MostRecords} records: take one back first, with seconds 0.");
    }

    private readonly record struct Live(PresenceDesk Desk, long Since, TimeSpan Lasts);
}
