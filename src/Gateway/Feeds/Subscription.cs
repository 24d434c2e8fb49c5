using System.Runtime.CompilerServices;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>
/// A cursor over a feed, the same for every transport: pages from the store while it is behind, the shared live pages once it keeps up.
/// For one reader at a time. The first page is readable at once, even if it is empty. Nothing is queued for it: who stops reading falls
/// behind and comes back by cursor.
/// </summary>
internal sealed partial class Subscription : IAsyncDisposable
{
    public static readonly Problem Expired = new(Codes.Unauthorized, "The token has expired: come back with a new one and go on from your cursor.");

    /// <summary>How long the grains may stay silent before the reader is told.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(200);

    private readonly FeedRegistry _registry;
    private FeedRequest _request;
    private OpenView _open;
    private CatchUp _reader;
    private string _cursor;
    private FeedPage? _pending;
    private bool _begun;
    private bool _upToDate;
    private bool _live;
    private Caller? _renewed;
    private Problem? _end;
    private ITimer? _expiry;
    private int _disposed;

    internal Subscription(FeedRegistry registry, AskedFeed asked, OpenView open)
    {
        (_registry, _request, _open, _cursor, Known) = (registry, asked.Request, open, asked.Since, asked.Collection);
        _reader = ReaderOf(asked);
        Feed = asked.Identity.Feed;
        if (asked.Reset is { } reason) TellReset(reason, asked.Start);
        FeedMetrics.Subscriptions.Add(1);
        ArmExpiry();
    }

    /// <summary>The name of the feed; stays the same for the life of the subscription.</summary>
    public string Feed { get; }

    /// <summary>Why there will be no more pages (token expired, access lost); null while it goes on.</summary>
    public Problem? End => Volatile.Read(ref _end);

    /// <summary>The place up to which the reader knows all that concerns them, skipped entries included.</summary>
    public string CursorHere => (_live ? _open.View.CursorBeyond(At) : null) ?? _cursor;

    /// <summary>The settings under which the reader was last let in.</summary>
    internal Collection Known { get; private set; }

    /// <summary>The last page of the view's chain that was taken, while live.</summary>
    internal FeedPage At { get; private set; } = FeedPage.Gone;

    /// <summary>Takes the next page if it is at hand. Never waits, costs no allocation.</summary>
    public bool TryRead(out FeedPage page)
    {
        page = _pending!;
        _pending = null;
        if (page is not null) return true;
        if (!_live || !IsGood || At.Next is not { } next) return false;
        if (next == FeedPage.Gone || next.Changes.Count > _request.Limit)
        {
            FallBehind();
            return false;
        }
        At = next;
        page = next.Since == _cursor ? next : next.From(_cursor);
        (_cursor, _upToDate) = (page.Cursor, page.UpToDate);
        return true;
    }

    /// <summary>
    /// True when there is something to try; <see cref="TryRead"/> may still have nothing, then wait again. False when the subscription has ended, see
    /// <see cref="End"/>. Throws OperationCanceledException, or <see cref="RefusedException"/> (unavailable) when the grains do not answer for long.
    /// </summary>
    public ValueTask<bool> WaitToRead(CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancel);
        if (_pending is not null || TakeNudge()) return new(true);
        if (IsOver) return new(false);
        if (!_live || !IsGood) return GoOn(cancel);
        return At.Next is null ? Wait(cancel) : new(true);
    }

    /// <summary>Every page until it is cancelled; at the end throws <see cref="RefusedException"/> with <see cref="End"/>.</summary>
    public async IAsyncEnumerable<FeedPage> ReadAll([EnumeratorCancellation] CancellationToken cancel)
    {
        while (await WaitToRead(cancel))
            while (TryRead(out var page))
                yield return page;
        if (End is { } end) throw new RefusedException(end);
    }

    /// <summary>The reader has shown a newer token: it decides from now on. One that shows less starts the feed again.</summary>
    public void Renew(Caller caller)
    {
        Volatile.Write(ref _renewed, caller);
        Signal();
    }

    private bool IsOver => End is not null || Volatile.Read(ref _disposed) == 1;

    /// <summary>Nothing has happened for which the reader must leave the fast path.</summary>
    private bool IsGood =>
        !IsOver && _open.View.ResetReason is null && _open.View.Collection == Known && Volatile.Read(ref _renewed) is null;

    private void FallBehind()
    {
        _live = false;
        var place = FeedCursor.Read(_cursor)!.Position;
        // One who held nothing when the feed got other settings still has the cursor of its old beginning.
        if (place.IsStart) place = FeedPosition.Start(_open.Tails.Count);
        _reader = new CatchUp(_registry.Source, _open.View.Identity, _open.View.Lens, place, _request.Limit);
    }

    private CatchUp ReaderOf(AskedFeed asked) =>
        new(_registry.Source, asked.Identity, asked.Lens, asked.Place, asked.Request.Limit);

    /// <summary>The slow path: until there is a page, or the chain to wait on. Grains that do not answer are asked again for a while.</summary>
    private async ValueTask<bool> GoOn(CancellationToken cancel)
    {
        var since = _registry.Clock.GetTimestamp();
        while (!IsOver)
        {
            try
            {
                if (await Step(cancel)) return true;
            }
            catch (Exception failure) when (MayPass(failure) && !cancel.IsCancellationRequested)
            {
                if (_registry.Clock.GetElapsedTime(since) > Patience) throw new RefusedException(FeedRegistry.Unavailable);
                await Task.Delay(RetryPeriod, _registry.Clock, cancel);
            }
        }
        return _pending is not null;
    }

    private static bool MayPass(Exception failure) => failure is RefusedException refused
        ? refused.Problem.Status >= StatusCodes.Status500InternalServerError
        : GrainFailure.IsTransport(failure);

    private async ValueTask<bool> Step(CancellationToken cancel)
    {
        if (_live && IsGood) return true;
        if (_live) FallBehind();
        if (Interlocked.Exchange(ref _renewed, null) is { } caller) TakeOver(caller);
        if (WhyStartAgain() is { } reason) return await StartAgain(reason, cancel);

        Known = _open.View.Collection;
        if (_registry.MayRead(_request.Caller, Known) is { } refusal) return Lose(refusal);

        switch (_open.View.Join(_reader.Place, out var newest, out var target))
        {
            case Joining.Live when !_reader.Place.IsBlurred:
                return GoLive(newest);
            case Joining.Ahead:
                for (var i = 0; i < _open.Tails.Count; i++) await _open.Tails[i].Reach(_reader.Place[i].Seq).WaitAsync(cancel);
                return false;
            default:
                return await ReadBehind(newest, target, cancel);
        }
    }

    private string? WhyStartAgain() =>
        _open.View.ResetReason
        ?? (FeedIdentity.Of(_request, Known.Settings, Feed) != _open.View.Identity ? ResetReasons.Access : null);

    private void TakeOver(Caller caller)
    {
        _request = _request with { Caller = caller };
        ArmExpiry();
    }

    /// <summary>On to the chain. A first page is owed even if it is empty, and so is the word that the reader is up to date.</summary>
    private bool GoLive(FeedPage newest)
    {
        (At, _live) = (newest, true);
        if (_begun && (_upToDate || !newest.UpToDate)) return true;
        // Who asked for now can as well begin where the others' last page ended: nothing between concerns them, and the bytes are shared.
        if (!_begun && _request.Since == FeedRequest.Now) _cursor = newest.Cursor;
        Tell([], _cursor, newest.UpToDate);
        return true;
    }

    private async ValueTask<bool> ReadBehind(FeedPage towards, FeedPosition target, CancellationToken cancel)
    {
        var from = _reader.Place;
        var read = await _reader.Read(target, _open.Tails, cancel);
        if (read.Reset is { } reason) return await StartAgain(reason, cancel);
        if (!read.AtHead)
        {
            Tell(read.Changes, FeedCursor.Write(_open.View.Identity, _reader.Place), false);
            return true;
        }
        var joining = _open.View.Join(_reader.Place, out var newest, out var published);
        if (joining == Joining.Live) (At, _live) = (newest, true);
        if (_begun && _upToDate && read.Changes.Length == 0) return _live;
        // Nothing between the last page and the place concerns the reader: they get the cursor that the others have.
        var cursor = _live && published.Covers(from) ? newest.Cursor : FeedCursor.Write(_open.View.Identity, _reader.Place);
        Tell(read.Changes, cursor, towards.UpToDate);
        return true;
    }

    private void Tell(FeedChange[] changes, string cursor, bool upToDate)
    {
        _pending = new() { Feed = Feed, Since = _cursor, Changes = changes, Cursor = cursor, UpToDate = upToDate };
        (_cursor, _upToDate, _begun) = (cursor, upToDate, true);
    }

    /// <summary>Back to the beginning, in the view that holds now. Who held nothing yet need not be told.</summary>
    private async ValueTask<bool> StartAgain(string reason, CancellationToken cancel)
    {
        AskedFeed asked;
        OpenView open;
        try
        {
            asked = await _registry.Ask(_request with { Since = null }, Feed, cancel);
            open = await _registry.Open(asked, cancel);
        }
        catch (RefusedException refused) when (!MayPass(refused))
        {
            return Lose(refused.Problem);
        }
        var heldNothing = _reader.Place.IsStart;
        _registry.Views.Leave(_open.View);
        (_open, _reader, Known, _live) = (open, ReaderOf(asked), asked.Collection, false);
        if (heldNothing) return false;
        TellReset(reason, asked.Start);
        return true;
    }

    /// <summary>They may no longer read: what they hold is to be dropped, and then it is over.</summary>
    private bool Lose(Problem refusal)
    {
        if (!_reader.Place.IsStart)
            TellReset(ResetReasons.Access, FeedCursor.Write(_open.View.Identity, FeedPosition.Start(_reader.Place.Partitions)));
        Volatile.Write(ref _end, refusal);
        return _pending is not null;
    }

    private void TellReset(string reason, string start)
    {
        FeedMetrics.Resets.Add(1);
        _pending = new() { Feed = Feed, Since = _cursor, Cursor = start, UpToDate = false, Reset = reason };
        (_cursor, _upToDate, _begun) = (start, false, true);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        Signal();
        _registration.Unregister();
        if (_expiry is not null) await _expiry.DisposeAsync();
        _registry.Views.Leave(_open.View);
        FeedMetrics.Subscriptions.Add(-1);
    }
}
