namespace OrleansSync.Load.Peers;

/// <summary>Everybody who is measured, ours first.</summary>
internal static class Contenders
{
    public static IReadOnlyList<IContender> All { get; } =
    [
        new OrleansSyncContender(),
        new SignalRContender(withRedis: false),
        new SignalRContender(withRedis: true),
        new SocketIoContender(),
        new ShareDbContender(onPostgres: false),
        new ShareDbContender(onPostgres: true),
        new DeepstreamContender(),
        new HocuspocusContender(),
        new PouchDbContender(),
        new BroadcastContender(),
    ];

    /// <summary>What no server on Kestrel can exceed.</summary>
    public static IContender Transport { get; } = All.OfType<BroadcastContender>().Single();

    /// <summary>Those whose names begin so, whatever the case; all if nothing is said.</summary>
    public static IReadOnlyList<IContender> Named(IReadOnlyList<string> names) => names.Count == 0
        ? All
        : [.. All.Where(contender => names.Any(name => contender.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)))];
}
