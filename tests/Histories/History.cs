namespace OrleansSync.Histories;

/// <summary>Everything that clients asked of a cluster and were told, and what it says of itself in the end.</summary>
/// <param name="Ends">What each place showed when all was over: each gateway's lists, and its point reads.</param>
/// <param name="Made">By record, the versions that the server says it has made, and by which write: the order that it claims.</param>
internal sealed record History(
    IReadOnlyList<Call> Calls, IReadOnlyList<Subscriber> Subscribers, IReadOnlyList<View> Ends, IReadOnlyDictionary<string, IReadOnlyList<Made>> Made);

/// <summary>A version, and the write that made it.</summary>
internal sealed record Made(long Version, string Write);

/// <summary>Records as one place showed them.</summary>
internal sealed record View(string Name, IReadOnlyDictionary<string, Showing> Records);

/// <summary>One who followed a collection, through all its connections.</summary>
internal sealed record Subscriber(string Name, string Collection, IReadOnlyList<Page> Pages);

/// <summary>A page as it came. A reset drops what was held.</summary>
/// <param name="At">When it came, on the clock of the calls.</param>
internal sealed record Page(long At, string Since, bool Reset, IReadOnlyList<Change> Changes, string Cursor);

/// <summary>A version of a record as a subscriber was told of it.</summary>
internal sealed record Change(string Record, Showing Shown, string? Write);
