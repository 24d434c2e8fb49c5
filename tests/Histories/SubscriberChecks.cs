namespace OrleansSync.Histories;

/// <summary>Promise 6 for one subscriber: its pages are one chain, versions rise, each shows what was, and in the end it holds everything.</summary>
internal static class SubscriberChecks
{
    public static void Run(Subscriber subscriber, IReadOnlyDictionary<string, RecordOrder> orders, List<Breach> breaches)
    {
        var held = new Dictionary<string, long>();
        string? cursor = null;
        foreach (var page in subscriber.Pages)
        {
            if (cursor is not null && page.Since != cursor)
                breaches.Add(new(Flaw.Chain, $"{subscriber.Name} was at {cursor} and was sent a page since {page.Since}."));
            if (page.Reset) held.Clear();
            foreach (var change in page.Changes)
            {
                breaches.AddRange(OfChange(subscriber, page, change, orders, held));
                held[change.Record] = change.Shown.Version;
            }
            cursor = page.Cursor;
        }
        breaches.AddRange(OfEnd(subscriber, orders, held));
    }

    private static IEnumerable<Breach> OfChange(
        Subscriber subscriber, Page page, Change change, IReadOnlyDictionary<string, RecordOrder> orders, Dictionary<string, long> held)
    {
        var (record, version) = (change.Record, change.Shown.Version);
        if (held.GetValueOrDefault(record) >= version)
            yield return new(Flaw.Backwards, $"{subscriber.Name} held version {held[record]} of {record} and was sent version {version}.");
        if (!orders.TryGetValue(record, out var order))
        {
            yield return new(Flaw.Unasked, $"{subscriber.Name} was sent {record}, which nobody wrote.");
            yield break;
        }
        if (order.Fault(change.Shown, $"A page of {subscriber.Name}") is { } fault) yield return fault;
        if (change.Write is not { } write) yield break;
        if (order.VersionOf(write) != version)
            yield return new(Flaw.Unequal, $"{subscriber.Name} was told that {write} made version {version} of {record}, and it made {order.VersionOf(write)?.ToString() ?? "none"}.");
        if (order.CallOf(write) is { } call && call.Start > page.At)
            yield return new(Flaw.Foreseen, $"{subscriber.Name} was told of {write} before anybody asked for it.");
    }

    private static IEnumerable<Breach> OfEnd(Subscriber subscriber, IReadOnlyDictionary<string, RecordOrder> orders, Dictionary<string, long> held) =>
        from order in orders.Values
        where order.Record.StartsWith($"{subscriber.Collection}/", StringComparison.Ordinal)
        let mine = held.GetValueOrDefault(order.Record)
        where mine < order.Last
        select new Breach(Flaw.Missed, $"{subscriber.Name} ended with version {mine} of {order.Record}, and it is at {order.Last}.");
}
