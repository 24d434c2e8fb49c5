namespace OrleansSync.Histories;

/// <summary>
/// Holds a history against what is promised (docs/guarantees.md 1, 2, 3 and 6). The server's versions are the order that it claims; it is
/// checked that this order explains everything that anybody saw. Pure: the same history gets the same verdict.
/// </summary>
internal static class Checker
{
    private static readonly IReadOnlyList<Made> None = [];

    public static Verdict Of(History history)
    {
        var breaches = new List<Breach>();
        var orders = Orders(history);
        foreach (var (record, calls) in CallsByRecord(history, orders.Keys))
            RecordChecks.Run(orders[record], calls, breaches);
        foreach (var subscriber in history.Subscribers) SubscriberChecks.Run(subscriber, orders, breaches);
        foreach (var end in history.Ends) EndChecks.Run(end, orders, breaches);
        return new(breaches);
    }

    private static Dictionary<string, RecordOrder> Orders(History history)
    {
        var names = history.Calls.Select(call => call.Record).Concat(history.Made.Keys).Distinct();
        var starts = history.Calls.Where(call => call.Write is not null).GroupBy(call => call.Write!).ToDictionary(same => same.Key, same => same.First());
        return names.ToDictionary(name => name, name => new RecordOrder(name, history.Made.GetValueOrDefault(name, None), starts));
    }

    private static IEnumerable<(string Record, IReadOnlyList<Call> Calls)> CallsByRecord(History history, IEnumerable<string> records)
    {
        var calls = history.Calls.ToLookup(call => call.Record);
        return records.Select(record => (record, (IReadOnlyList<Call>)[.. calls[record]]));
    }
}
