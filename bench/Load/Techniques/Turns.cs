namespace OrleansSync.Load.Techniques;

/// <summary>When a client looks: at an interval, with an offset of its own, so that not all look at once.</summary>
internal readonly record struct Turns(TimeSpan Interval, TimeSpan Offset)
{
    /// <summary>Of the clients, spread evenly.</summary>
    public static Turns Of(int client, int clients, TimeSpan interval) => new(interval, interval * client / clients);

    /// <summary>Looks at every turn. A look that takes longer than to the next turn is not cut short: the turn after that is its next.</summary>
    public async Task Each(Func<Task> look, CancellationToken stop)
    {
        await Task.Delay(Offset, stop);
        using var timer = new PeriodicTimer(Interval);
        do await look();
        while (await timer.WaitForNextTickAsync(stop));
    }
}
