namespace OrleansSync.Histories.Tests;

/// <summary>Good histories with one thing changed, each as a broken server would show it; null where a history has no place for it.</summary>
internal static class Mutation
{
    public delegate History? Change(History good, int where);

    public static readonly IReadOnlyDictionary<string, (Flaw[] Expected, Change Make)> All = new Dictionary<string, (Flaw[], Change)>
    {
        ["an answered write that is gone"] = ([Flaw.Lost], LoseAWrite),
        ["a write that counts twice"] = ([Flaw.Twice], CountTwice),
        ["a read of less than had ended before"] = ([Flaw.Stale], ReadStale),
        ["two writes with one version"] = ([Flaw.Shared], ShareAVersion),
        ["a later write with an earlier version"] = ([Flaw.Order], SwapTimes),
        ["a write made of two versions"] = ([Flaw.Torn], Tear),
        ["a refused write that happened"] = ([Flaw.Condition], RefuseWhatHappened),
        ["a condition that did not hold"] = ([Flaw.Condition], NameAnotherVersion),
        ["a version that nobody made"] = ([Flaw.Gap], SkipAVersion),
        ["another answer to a resend"] = ([Flaw.Resend], AnswerAnother),
        ["a resend that is answered as new"] = ([Flaw.Resend], ForgetTheFirst),
        ["a subscriber without a last state"] = ([Flaw.Missed], MissTheLast),
        ["a subscriber that went backwards"] = ([Flaw.Backwards], GoBackwards),
        ["a subscriber whose chain has a hole"] = ([Flaw.Chain], SkipAPage),
        ["a subscriber that is told before anybody asked"] = ([Flaw.Foreseen], Foresee),
        ["a gateway that shows something else"] = ([Flaw.Unequal], ShowLess),
        ["a write that nobody asked for"] = ([Flaw.Unasked], MakeUp),
    };

    private static History? LoseAWrite(History good, int where)
    {
        if (Pick(good.Calls, where, call => IsDoneWrite(call) && call.Answer!.Shown.Version == good.Made[call.Record].Count) is not { } lost) return null;
        var before = good.Made[lost.Record].Count - 1;
        return good with
        {
            Made = With(good.Made, lost.Record, [.. good.Made[lost.Record].Take(before)]),
            Ends = [.. good.Ends.Select(end => end with { Records = With(end.Records, lost.Record, Shown(good, lost.Record, before)) })],
        };
    }

    private static History? CountTwice(History good, int where) =>
        OnShown(good, where, call => call.Answer!.Shown.Version > 0, (_, shown) => shown with { Count = shown.Count + 1 });

    private static History? ReadStale(History good, int where) => OnShown(
        good, where,
        call => call.Asked == Asked.Read && good.Calls.Any(other => other.Record == call.Record && other.IsDone && other.End < call.Start && other.Answer!.Shown.Version == call.Answer!.Shown.Version && other.Answer.Shown.Version > 0),
        (call, shown) => Shown(good, call.Record, shown.Version - 1));

    private static History? ShareAVersion(History good, int where)
    {
        if (Pick(good.Calls, where, call => IsDoneWrite(call) && call.Answer!.Shown.Version > 1) is not { } second) return null;
        var version = second.Answer!.Shown.Version;
        return good with
        {
            Made = With(good.Made, second.Record, [.. good.Made[second.Record].Select(made => made.Version == version ? made with { Version = version - 1 } : made)]),
        };
    }

    private static History? SwapTimes(History good, int where)
    {
        if (Pick(good.Calls, where, call => IsOnce(call) && LaterThan(call) is not null) is not { } early) return null;
        var late = LaterThan(early)!;
        return Replace(Replace(good, early, At(early, late)), late, At(late, early));

        Call? LaterThan(Call first) => good.Calls.FirstOrDefault(other => IsOnce(other) && other.Record == first.Record && other.Start > first.End);
        static bool IsOnce(Call call) => IsDoneWrite(call) && call.Attempts.Count == 1;
        static Call At(Call call, Call when) => call with { Attempts = [call.Attempts[0] with { Start = when.Start, End = when.End }] };
    }

    private static History? Tear(History good, int where) => OnShown(
        good, where, call => call.Answer!.Shown.Version > 0 && call.Answer.Shown.Version < good.Made[call.Record].Count,
        (call, shown) => shown with { Writes = [.. shown.Writes.Skip(1), good.Made[call.Record][(int)shown.Version].Write] });

    private static History? RefuseWhatHappened(History good, int where) =>
        Pick(good.Calls, where, call => IsDoneWrite(call) && call.IfVersion is not null) is { } call
            ? Replace(good, call, Answering(call, answer => answer with { Said = Said.Refused }))
            : null;

    private static History? NameAnotherVersion(History good, int where) =>
        Pick(good.Calls, where, call => call.Answer is not null && call.IfVersion is not null) is { } call
            ? Replace(good, call, call with { IfVersion = call.IsDone ? call.IfVersion + 1 : call.Answer!.Shown.Version })
            : null;

    private static History? SkipAVersion(History good, int where)
    {
        if (good.Made.Count == 0) return null;
        var (record, made) = good.Made.ElementAt(where % good.Made.Count);
        return good with { Made = With(good.Made, record, [.. made.SkipLast(1), made[^1] with { Version = made.Count + 1 }]) };
    }

    private static History? AnswerAnother(History good, int where) => OnRepeat(good, where, answer => answer with { Shown = answer.Shown with { Version = answer.Shown.Version + 1 } });

    private static History? ForgetTheFirst(History good, int where) => OnRepeat(good, where, answer => answer with { Replayed = false });

    private static History? MissTheLast(History good, int where) => OnSubscriber(good, where, pages =>
    {
        var last = pages.FindLastIndex(page => page.Changes.Count > 0);
        if (last < 0) return false;
        pages[last] = pages[last] with { Changes = [.. pages[last].Changes.SkipLast(1)] };
        return true;
    });

    private static History? GoBackwards(History good, int where) => OnSubscriber(good, where, pages =>
    {
        var from = pages.FindIndex(page => page.Changes.Count > 0);
        if (from < 0) return false;
        pages[^1] = pages[^1] with { Changes = [.. pages[^1].Changes, pages[from].Changes[0]] };
        return true;
    });

    private static History? SkipAPage(History good, int where) => OnSubscriber(good, where, pages =>
    {
        if (pages.Count < 3 || pages[1].Since == pages[1].Cursor) return false;
        pages.RemoveAt(1);
        return true;
    });

    private static History? Foresee(History good, int where) => OnSubscriber(good, where, pages =>
    {
        var page = pages.FindIndex(each => each.Changes.Count > 0);
        if (page < 0) return false;
        pages[page] = pages[page] with { At = 0 };
        return true;
    });

    private static History? ShowLess(History good, int where)
    {
        if (good.Made.Count == 0) return null;
        var (record, made) = good.Made.ElementAt(where % good.Made.Count);
        return good with { Ends = [good.Ends[0], good.Ends[1] with { Records = With(good.Ends[1].Records, record, Shown(good, record, made.Count - 1)) }] };
    }

    private static History? MakeUp(History good, int where)
    {
        if (good.Made.Count == 0) return null;
        var (record, made) = good.Made.ElementAt(where % good.Made.Count);
        return good with { Made = With(good.Made, record, [.. made, new Made(made.Count + 1, "nobody-1")]) };
    }

    // ---- where to change

    private static bool IsDoneWrite(Call call) => call.IsDone && call.Asked != Asked.Read;

    private static T? Pick<T>(IReadOnlyList<T> items, int where, Func<T, bool> fits)
        where T : class
    {
        var fitting = items.Where(fits).ToArray();
        return fitting.Length == 0 ? null : fitting[where % fitting.Length];
    }

    private static Showing Shown(History good, string record, long version) =>
        new(version, [.. good.Made[record].Take((int)version).Select(made => made.Write)], version);

    private static History Replace(History good, Call old, Call changed) =>
        good with { Calls = [.. good.Calls.Select(call => ReferenceEquals(call, old) ? changed : call)] };

    private static Call Answering(Call call, Func<Answer, Answer> change) => call with
    {
        Attempts = [.. call.Attempts.Select(attempt => attempt.Answer is null ? attempt : attempt with { Answer = change(attempt.Answer) })],
    };

    private static History? OnShown(History good, int where, Func<Call, bool> fits, Func<Call, Showing, Showing> change) =>
        Pick(good.Calls, where, call => call.Answer is not null && fits(call)) is { } call
            ? Replace(good, call, Answering(call, answer => answer with { Shown = change(call, answer.Shown) }))
            : null;

    private static History? OnRepeat(History good, int where, Func<Answer, Answer> change)
    {
        if (Pick(good.Calls, where, call => call.Write is not null && call.Attempts.Count(attempt => attempt.Answer is not null) > 1) is not { } call) return null;
        var last = call.Attempts.Last(attempt => attempt.Answer is not null);
        return Replace(good, call, call with { Attempts = [.. call.Attempts.Select(attempt => ReferenceEquals(attempt, last) ? attempt with { Answer = change(attempt.Answer!) } : attempt)] });
    }

    private static History? OnSubscriber(History good, int where, Func<List<Page>, bool> change)
    {
        var number = where % good.Subscribers.Count;
        List<Page> pages = [.. good.Subscribers[number].Pages];
        if (!change(pages)) return null;
        Subscriber[] subscribers = [.. good.Subscribers];
        subscribers[number] = subscribers[number] with { Pages = pages };
        return good with { Subscribers = subscribers };
    }

    private static Dictionary<string, T> With<T>(IReadOnlyDictionary<string, T> items, string key, T value) => new(items) { [key] = value };
}
