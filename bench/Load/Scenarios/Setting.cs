namespace OrleansSync.Load.Scenarios;

/// <summary>An option that is a number, with its default in one scenario.</summary>
internal sealed record Setting(string Name, string Description, int Default, Func<Options, int, Options> Apply, Func<Options, int> Value)
{
    public static Setting Seconds { get; } = new("seconds", "how long each measurement takes", 10, (options, n) => options with { Seconds = n }, options => options.Seconds);
    public static Setting Minutes { get; } = new("minutes", "how long the measurement takes", 10, (options, n) => options with { Seconds = 60 * n }, options => options.Seconds / 60);
    public static Setting WarmUp { get; } = new("warm-up", "seconds of the same load before each measurement, not in it", 10, (options, n) => options with { WarmUpSeconds = n }, options => options.WarmUpSeconds) { Lowest = 0 };
    public static Setting Seed { get; } = new("seed", "of every random choice", 1, (options, n) => options with { Seed = n }, options => options.Seed) { Lowest = 0 };
    public static Setting Records { get; } = new("records", "records that are written to", 1000, (options, n) => options with { Records = n }, options => options.Records);
    public static Setting Subscribers { get; } = new("subscribers", "clients that follow", 5000, (options, n) => options with { Subscribers = n }, options => options.Subscribers);
    public static Setting InFlight { get; } = new("in-flight", "writes under way at once; 0 = 1, 16, 64 and 512, one after the other", 0, (options, n) => options with { InFlight = n }, options => options.InFlight) { Lowest = 0 };
    public static Setting Rate { get; } = new("rate", "writes a second, each due at its moment whether or not those before were answered", 50, (options, n) => options with { Rate = n }, options => options.Rate);
    public static Setting Clients { get; } = new("clients", "clients that work on one thing together", 32, (options, n) => options with { Clients = n }, options => options.Clients);
    public static Setting Changes { get; } = new("changes", "changes that were missed", 1000, (options, n) => options with { Changes = n }, options => options.Changes);

    public static Setting Generators { get; } = new("generators", "processes that share the connections of the load; with more than one, peers are left out", 1, (options, n) => options with { Generators = n }, options => options.Generators);
    public static Setting Interval { get; } = new("interval", "seconds from one look to the next, for those who look again and again", 2, (options, n) => options with { Interval = n }, options => options.Interval);
    public static Setting Mode { get; } = new("mode", "how writes come: 1 = eight under way, each until all have it; 2 = as fast as answers come; 3 = at the rate; 0 = all three, one after the other", 0, (options, n) => options with { Mode = n }, options => options.Mode) { Lowest = 0, Highest = 3 };
    public static Setting Rest { get; } = new("rest", "seconds without anything to do until idle memory is looked at", 240, (options, n) => options with { Rest = n }, options => options.Rest) { Lowest = 0 };
    public static Setting MostRecords { get; } = new("most-records", "records that a collection grows to", 100_000, (options, n) => options with { MostRecords = n }, options => options.MostRecords);
    public static Setting MostSubscribers { get; } = new("most-subscribers", "subscribers that a feed grows to", 16_000, (options, n) => options with { MostSubscribers = n }, options => options.MostSubscribers);

    /// <summary>What every scenario takes.</summary>
    public static IReadOnlyList<Setting> Usual { get; } = [Seconds, WarmUp, Seed];

    /// <summary>The least that makes sense.</summary>
    public int Lowest { get; init; } = 1;

    /// <summary>The most that makes sense.</summary>
    public int Highest { get; init; } = int.MaxValue;

    public Setting Of(int value) => this with { Default = value };
}
