using OrleansSync.Gateway.Writes;
using OrleansSync.Grains.Presence;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Presence;

/// <summary>
/// What connections of this gateway announce in one collection: the truth about them, which the grain only repeats. One call at a time says to the
/// grain what it does not know; what comes meanwhile goes with the next call, of each announcement only the latest. So nothing is
/// overtaken, and what could not be said is said again.
/// </summary>
/// <param name="tell">Says it and returns what there was no room for.</param>
internal sealed class OwnAnnouncements(
    Func<IReadOnlyList<Telling>, Task<IReadOnlyList<AnnouncementKey>>> tell, Func<TimeSpan> pace, TimeProvider clock, CancellationToken ended)
{
    private const int MostAtOnce = 1000;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<AnnouncementKey, Own> _own = [];
    private readonly Dictionary<AnnouncementKey, List<TaskCompletionSource>> _untold = [];
    private bool _telling;

    /// <summary>True when nothing is announced and everything was said.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate) return _own.Count == 0 && !_telling;
        }
    }

    /// <summary>Announces; what it returns completes when the grain has it, and throws <see cref="RefusedException"/> (rate-limited).</summary>
    public Task Put(AnnouncementKey key, Announcement what, TimeSpan lasts)
    {
        lock (_gate)
        {
            if (!_own.ContainsKey(key)) PresenceMetrics.Announcements.Add(1);
            _own[key] = new(what, clock.GetTimestamp(), lasts);
            return Say(key);
        }
    }

    /// <summary>Announces no longer; what it returns completes when the grain knows.</summary>
    public Task Remove(AnnouncementKey key)
    {
        lock (_gate)
        {
            if (Drop(key)) return Say(key);
            return _untold.TryGetValue(key, out var waiting) ? waiting[0].Task : Task.CompletedTask;
        }
    }

    /// <summary>The grain has forgotten everything.</summary>
    public void TellAgain()
    {
        lock (_gate)
        {
            foreach (var key in _own.Keys) _ = Say(key);
        }
    }

    /// <summary>Drops what has lapsed: the grain does the same by itself.</summary>
    public void Lapse()
    {
        lock (_gate)
        {
            foreach (var (key, own) in _own)
                if (Left(own) <= TimeSpan.Zero) Drop(key);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            foreach (var key in _own.Keys) Drop(key);
        }
    }

    private Task Say(AnnouncementKey key)
    {
        if (!_untold.TryGetValue(key, out var waiting))
            _untold[key] = waiting = [new(TaskCreationOptions.RunContinuationsAsynchronously)];
        if (!_telling)
        {
            _telling = true;
            _ = TellAll();
        }
        return waiting[0].Task;
    }

    private async Task TellAll()
    {
        // Not under the lock of whoever began it.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var pause = FirstPause;
        while (Take() is { } some)
        {
            var told = await Tell(some);
            if (told) pause = FirstPause;
            await Task.Delay(told ? pace() : pause, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!told) pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>What is to be said next; null when that is nothing, and then whoever has something begins anew.</summary>
    private List<Untold>? Take()
    {
        lock (_gate)
        {
            _telling = _untold.Count > 0 && !ended.IsCancellationRequested;
            if (!_telling) return null;
            var some = new List<Untold>(Math.Min(_untold.Count, MostAtOnce));
            foreach (var (key, waiting) in _untold.Take(MostAtOnce).ToArray())
            {
                _untold.Remove(key);
                var telling = _own.TryGetValue(key, out var own) && Left(own) is var left && left > TimeSpan.Zero
                    ? new Telling(key, own.What, left)
                    : new Telling(key, null, default);
                some.Add(new(telling, waiting));
            }
            return some;
        }
    }

    private async Task<bool> Tell(List<Untold> some)
    {
        try
        {
            var refused = await tell(some.Select(one => one.Telling).ToArray());
            foreach (var one in some)
                if (refused.Count > 0 && refused.Contains(one.Telling.Key)) Refuse(one);
                else foreach (var waiting in one.Waiting) waiting.SetResult();
            return true;
        }
        catch (Exception failure) when (GrainFailure.IsTransport(failure))
        {
            PutBack(some);
            return false;
        }
        catch (Exception failure)
        {
            foreach (var one in some) Fail(one, failure);
            return true;
        }
    }

    private void Refuse(Untold one)
    {
        // Unless it was announced anew meanwhile.
        lock (_gate)
        {
            if (!_untold.ContainsKey(one.Telling.Key)) Drop(one.Telling.Key);
        }
        Fail(one, new RefusedException(Codes.RateLimited,
            "As many announcements as a collection takes are there already: announce less, or again a little later."));
    }

    private static void Fail(Untold one, Exception failure)
    {
        foreach (var waiting in one.Waiting)
        {
            waiting.SetException(failure);
            // Not everybody waits to hear it.
            _ = waiting.Task.Exception;
        }
    }

    private void PutBack(List<Untold> some)
    {
        lock (_gate)
        {
            foreach (var (telling, waiting) in some)
                if (!_untold.TryAdd(telling.Key, waiting)) _untold[telling.Key].AddRange(waiting);
        }
    }

    private bool Drop(AnnouncementKey key)
    {
        if (!_own.Remove(key)) return false;
        PresenceMetrics.Announcements.Add(-1);
        return true;
    }

    private TimeSpan Left(Own own) => own.Lasts - clock.GetElapsedTime(own.Since);

    /// <param name="Waiting">Those who want to know when it was said; at least one.</param>
    private readonly record struct Untold(Telling Telling, List<TaskCompletionSource> Waiting);

    private sealed record Own(Announcement What, long Since, TimeSpan Lasts);
}
