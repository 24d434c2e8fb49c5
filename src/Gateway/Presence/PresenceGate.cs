using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Presence;

/// <summary>The one door for presence, of every transport: who may, and which desk.</summary>
internal sealed class PresenceGate(PresenceDesks desks, ReadGate reading, TimeProvider clock)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly Problem Unavailable = new(Codes.Unavailable,
        "Presence cannot be reached at the moment: ask again a little later.");

    /// <summary>For a new connection; it must be closed.</summary>
    public Announcer NewAnnouncer() => new(desks, clock);

    /// <summary>
    /// Announces. When this completes, it has its place among the announcements of its connection; when what it returns does, everybody can see
    /// it. Both throw <see cref="RefusedException"/>: as <see cref="Check"/>, rate-limited, or unavailable.
    /// </summary>
    public async ValueTask<Task> Announce(Announcer announcer, AnnounceRequest request, Caller caller, string? client)
    {
        // What one has announced one may always take back.
        if (request.Lasts > TimeSpan.Zero) await Check(new(request.Key.Collection, request.Key.Record), caller);
        return Told(announcer.Announce(request.Key, request.By(caller.Author, client), request.Lasts));
    }

    /// <summary>Watches. Throws as <see cref="Check"/>, or unavailable.</summary>
    /// <param name="caller">Asked again and again, since who one is may be renewed; may throw.</param>
    public async ValueTask<PresenceWatch> Watch(WatchRequest request, Func<Caller> caller, CancellationToken cancel)
    {
        await Check(request, caller());
        var watch = new PresenceWatch(this, desks, request, caller, clock);
        try
        {
            await watch.Open(cancel);
            return watch;
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Whether the caller may know who is there. Throws <see cref="RefusedException"/>: as <see cref="ReadGate.Enter"/>; where records have
    /// owners, forbidden without a record, and not-found for another's.
    /// </summary>
    public async ValueTask Check(WatchRequest about, Caller caller)
    {
        var known = await reading.Enter(about.Collection, caller);
        if (AccessRules.OwnView(caller, known.Settings) is null) return;
        if (about.Record is null)
            throw new RefusedException(Codes.Forbidden, "Everybody sees only their own records of this collection: name one of yours.");
        if (await reading.Find(about.Collection, about.Record, caller) is null)
            throw new RefusedException(Codes.NotFound, $"There is no record {about.Record} in {about.Collection}.");
    }

    /// <summary>What a failure means to a client.</summary>
    public static Problem ProblemOf(Exception failure) =>
        failure is not RefusedException && GrainFailure.IsTransport(failure) ? Unavailable : GrainFailure.ProblemOf(failure);

    private async Task Told(Task announced) => await announced.WaitAsync(Deadline, clock);
}
