namespace OrleansSync.Load;

/// <summary>What a run is told on the command line: <c>--seconds 10 --subscribers 5000</c>.</summary>
internal sealed record Options
{
    public int Seconds { get; private init; } = 10;
    public int WarmUpSeconds { get; private init; } = 10;
    public int Records { get; private init; } = 1000;
    public int Subscribers { get; private init; } = 5000;

    /// <summary>Only this load of the writes runs; 0 = all of them.</summary>
    public int InFlight { get; private init; }

    public IEnumerable<WriteLoad> WriteLoads() =>
        WriteLoad.Usual.Where(load => InFlight == 0 || InFlight == load.InFlight).Select(load => new WriteLoad(load.InFlight, load.Sockets, this));

    public static Options Parse(string[] args)
    {
        var options = new Options();
        for (var i = 0; i + 1 < args.Length; i += 2)
        {
            var number = int.Parse(args[i + 1]);
            options = args[i] switch
            {
                "--seconds" => options with { Seconds = number },
                "--warm-up" => options with { WarmUpSeconds = number },
                "--records" => options with { Records = number },
                "--subscribers" => options with { Subscribers = number },
                "--in-flight" => options with { InFlight = number },
                _ => throw new ArgumentException($"Unknown option {args[i]}: use --seconds, --warm-up, --records, --subscribers, --in-flight."),
            };
        }

        return options;
    }
}
