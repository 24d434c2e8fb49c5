namespace OrleansSync.Histories;

/// <summary>Promises 1, 2 and 3 for one record: the claimed order is dense, has every answered write once, and explains every answer.</summary>
internal static class RecordChecks
{
    public static void Run(RecordOrder order, IReadOnlyList<Call> calls, List<Breach> breaches)
    {
        breaches.AddRange(OfVersions(order));
        foreach (var call in calls)
        {
            breaches.AddRange(OfAnswers(call));
            if (call.Answer is not { } answer || answer.Said == Said.Other) continue;
            if (call.Asked != Asked.Read) breaches.AddRange(OfWrite(order, call, answer));
            if (order.Fault(answer.Shown, $"The answer to {call.Name}") is { } fault) breaches.Add(fault);
        }
        breaches.AddRange(OfSharedVersions(order.Record, calls));
        breaches.AddRange(RealTime.Breaches(order, calls));
    }

    private static IEnumerable<Breach> OfVersions(RecordOrder order)
    {
        var next = 1L;
        var seen = new Dictionary<string, long>();
        foreach (var (version, write) in order.Made)
        {
            if (version < next) yield return new(Flaw.Shared, $"{order.Record} has two writes with version {version}; one is {write}.");
            for (; next < version; next++) yield return new(Flaw.Gap, $"Nobody made version {next} of {order.Record}.");
            if (!seen.TryAdd(write, version)) yield return new(Flaw.Twice, $"{write} happened twice to {order.Record}: as version {seen[write]} and as version {version}.");
            if (order.CallOf(write)?.Record != order.Record) yield return new(Flaw.Unasked, $"Version {version} of {order.Record} is {write}, which nobody asked of it.");
            next = version + 1;
        }
    }

    private static IEnumerable<Breach> OfWrite(RecordOrder order, Call call, Answer answer)
    {
        var (made, version) = (order.VersionOf(call.Write!), answer.Shown.Version);
        if (answer.Said == Said.Refused)
        {
            if (made is not null) yield return new(Flaw.Condition, $"{call.Name} was refused, and yet it is version {made} of {call.Record}.");
            if (version == call.IfVersion) yield return new(Flaw.Condition, $"{call.Name} was refused at version {version} of {call.Record}, which is the one it named.");
            yield break;
        }
        if (made is null) yield return new(Flaw.Lost, $"{call.Name} was answered as version {version} of {call.Record}, and it is lost.");
        else if (made != version) yield return new(Flaw.Shared, $"{call.Name} was answered as version {version} of {call.Record}, and it is version {made}.");
        if (call.IfVersion is { } named && version != named + 1)
            yield return new(Flaw.Condition, $"{call.Name} was to follow version {named} of {call.Record}, and became version {version}.");
    }

    /// <summary>Whatever was answered to a write first is its answer for ever.</summary>
    private static IEnumerable<Breach> OfAnswers(Call call)
    {
        var first = call.Answer;
        foreach (var attempt in call.Attempts)
        {
            if (attempt.Answer is not { } answer) continue;
            if (answer.Said == Said.Other) yield return new(Flaw.Answer, $"{call.Name} of {call.Record} was answered '{answer.Words}' by {attempt.Gateway}.");
            if (call.Asked == Asked.Read || ReferenceEquals(answer, first)) continue;
            if (answer.Said != first!.Said || answer.Shown.Version != first.Shown.Version)
                yield return new(Flaw.Resend, $"{call.Name} was answered {first.Said} at version {first.Shown.Version} of {call.Record}, and when it was sent again {answer.Said} at {answer.Shown.Version}.");
            if (!answer.Replayed)
                yield return new(Flaw.Resend, $"{call.Name} had its answer, and when it was sent again to {attempt.Gateway} that did not say it had been there before.");
        }
    }

    private static IEnumerable<Breach> OfSharedVersions(string record, IReadOnlyList<Call> calls) =>
        from call in calls
        where call.IsDone && call.Asked != Asked.Read
        group call by call.Answer!.Shown.Version into same
        where same.Count() > 1
        select new Breach(Flaw.Shared, $"{string.Join(" and ", same.Select(call => call.Name))} were both answered as version {same.Key} of {record}.");
}
