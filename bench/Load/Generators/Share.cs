namespace OrleansSync.Load.Generators;

/// <summary>The connections that one generator carries of a load.</summary>
internal sealed record Share
{
    /// <summary>The index of its first writer, among all.</summary>
    public int FirstWriter { get; init; }

    public int Writers { get; init; }

    /// <summary>Writes under way on each connection.</summary>
    public int InFlight { get; init; } = 1;

    /// <summary>The index of its first subscriber, among all.</summary>
    public int FirstSubscriber { get; init; }

    public int Subscribers { get; init; }
    public int Records { get; init; }
    public int Seed { get; init; }

    /// <summary>All of it in as many parts, none larger than another by more than one connection of a kind.</summary>
    public IEnumerable<Share> Split(int parts)
    {
        for (var part = 0; part < parts; part++)
        {
            var (writers, subscribers) = (Part(Writers, part, parts), Part(Subscribers, part, parts));
            yield return this with
            {
                FirstWriter = FirstWriter + writers.From,
                Writers = writers.Count,
                FirstSubscriber = FirstSubscriber + subscribers.From,
                Subscribers = subscribers.Count,
            };
        }
    }

    private static (int From, int Count) Part(int count, int part, int parts)
    {
        var from = (int)((long)count * part / parts);
        return (from, (int)((long)count * (part + 1) / parts) - from);
    }
}
