using System.Text.Json.Serialization;

namespace OrleansSync.Load.Generators;

/// <summary>What a generator is told to do: a line of JSON on its standard input. The end of the input ends it.</summary>
internal sealed record Order
{
    public required Do Do { get; init; }

    /// <summary>With <see cref="Do.Connect"/>.</summary>
    public Share? Share { get; init; }

    /// <summary>With <see cref="Do.Connect"/>: where a server of ours is; null = it is the bare transport.</summary>
    public string? Url { get; init; }

    /// <summary>With <see cref="Do.Connect"/>: the port of the transport with nothing behind it, in place of a server of ours.</summary>
    public int? BareTransport { get; init; }

    /// <summary>With <see cref="Do.Connect"/>: as whom; null = anonymous. Not on the command line, which everybody on the machine can read.</summary>
    public string? Token { get; init; }

    /// <summary>With <see cref="Do.Connect"/>: sets the ids of this run's writes apart from those of others.</summary>
    public int Run { get; init; }

    /// <summary>With <see cref="Do.Stop"/>: until everything is answered.</summary>
    public bool Wait { get; init; }
}

/// <summary>In this order.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Do>))]
internal enum Do
{
    Connect,
    Begin,
    Note,
    Still,
    Stop,
}
