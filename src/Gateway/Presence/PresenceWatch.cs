using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Presence;

/// <summary>
/// Somebody who watches who is there. It holds nothing but how much they have seen: who reads slowly gets the newest, and never what came
/// between. Waits and reads come from one place at a time.
/// </summary>
internal sealed class PresenceWatch : IDisposable
{
    /// <summary>How often rights are held against the settings while nothing happens.</summary>
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly PresenceGate _gate;
    private readonly PresenceDesks _desks;
    private readonly PresenceDesk _desk;
    private readonly PresenceView _view;
    private readonly WatchRequest _request;
    private readonly Func<Caller> _caller;
    private readonly TimeProvider _clock;
    private long _seen;

    public PresenceWatch(PresenceGate gate, PresenceDesks desks, WatchRequest request, Func<Caller> caller, TimeProvider clock)
    {
        (_gate, _desks, _request, _caller, _clock) = (gate, desks, request, caller, clock);
        _desk = desks.Use(request.Collection);
        _view = _desk.Join(request.Record);
    }

    /// <summary>From here on the first read shows all that was answered before. Throws what the grain call throws.</summary>
    public Task Open(CancellationToken cancel) => _desk.Refresh().WaitAsync(cancel);

    /// <summary>Waits until there is something new, which at first there is. Throws <see cref="RefusedException"/> once the caller may no longer know.</summary>
    public async ValueTask Wait(CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var (revision, changed) = _desk.Look(_view);
            if (revision != _seen) return;
            await changed.WaitAsync(CheckPeriod, _clock, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!changed.IsCompleted) await Check(cancel);
        }
    }

    /// <summary>The newest there is. Throws as <see cref="Wait"/>.</summary>
    public async ValueTask<People> Read(CancellationToken cancel)
    {
        await Check(cancel);
        (_seen, var people) = _desk.Read(_view);
        return people;
    }

    public void Dispose()
    {
        _desk.Leave(_view);
        _desks.Leave(_desk);
    }

    /// <summary>Nothing is shown before it is known that it may be.</summary>
    private async ValueTask Check(CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                await _gate.Check(_request, _caller());
                return;
            }
            catch (Exception failure) when (failure is not RefusedException && GrainFailure.IsTransport(failure))
            {
                await Task.Delay(Pause, _clock, cancel);
            }
        }
    }
}
