namespace OrleansSync.Histories;

/// <summary>When all is over, every place shows the same: each record at its last version, and none besides.</summary>
internal static class EndChecks
{
    public static void Run(View end, IReadOnlyDictionary<string, RecordOrder> orders, List<Breach> breaches)
    {
        foreach (var order in orders.Values)
        {
            var shown = end.Records.GetValueOrDefault(order.Record, Showing.Nothing);
            if (shown.Version != order.Last)
                breaches.Add(new(Flaw.Unequal, $"{end.Name} ends with version {shown.Version} of {order.Record}, and its history with {order.Last}."));
            else if (order.Fault(shown, end.Name) is { } fault) breaches.Add(fault);
        }
        foreach (var record in end.Records.Keys.Where(record => !orders.ContainsKey(record)))
            breaches.Add(new(Flaw.Unasked, $"{end.Name} shows {record}, which nobody wrote."));
    }
}
