namespace OrleansSync.Histories;

/// <summary>
/// The order that versions claim, held against the clock: what ended before another began comes before it. With every version having exactly one
/// writer, this is all that linearizability asks beyond what the versions show.
/// </summary>
internal static class RealTime
{
    public static IEnumerable<Breach> Breaches(RecordOrder order, IReadOnlyList<Call> calls)
    {
        var byStart = calls.Select(call => (Call: call, Version: PlaceOf(order, call))).Where(each => each.Version is not null).OrderBy(each => each.Call.Start).ToArray();
        var byEnd = byStart.Where(each => each.Call.End < long.MaxValue).OrderBy(each => each.Call.End).ToArray();
        var (ended, newest) = (0, -1);
        foreach (var (call, version) in byStart)
        {
            for (; ended < byEnd.Length && byEnd[ended].Call.End < call.Start; ended++)
                if (newest < 0 || byEnd[ended].Version > byEnd[newest].Version) newest = ended;
            if (newest >= 0 && Judge(order.Record, call, version!.Value, byEnd[newest].Call, byEnd[newest].Version!.Value) is { } breach) yield return breach;
        }
    }

    /// <summary>The version that a call made or met; null = it made none, or none that anybody saw.</summary>
    private static long? PlaceOf(RecordOrder order, Call call)
    {
        if (call.Answer is { Said: not Said.Other } answer) return answer.Shown.Version;
        return call.Write is { } write ? order.VersionOf(write) : null;
    }

    private static Breach? Judge(string record, Call call, long version, Call earlier, long before)
    {
        if (Makes(call))
            return version > before ? null : new(Flaw.Order, $"{call.Name} became version {version} of {record} though {earlier.Name}, which had ended before it began, made or met version {before}.");
        return version >= before ? null : new(Flaw.Stale, $"{call.Name} met version {version} of {record} though {earlier.Name}, which had ended before it began, made or met version {before}.");
    }

    private static bool Makes(Call call) => call.Asked != Asked.Read && call.Answer?.Said != Said.Refused;
}
