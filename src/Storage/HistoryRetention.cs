using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>Which history is shown, and which write ids are promised to be remembered (protocol §4.1, §5, §7).</summary>
public static class HistoryRetention
{
    /// <summary>The newest write ids of a record that are remembered whatever their age.</summary>
    public const int AlwaysRemembered = 100;

    /// <summary>The most write ids of a record that are remembered at all.</summary>
    public const int MostRemembered = 10_000;

    /// <summary>The newest rejected entries of a record that are shown.</summary>
    public const int RejectedShown = 100;

    /// <summary>How long write ids past the newest <see cref="AlwaysRemembered"/> are remembered.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromHours(24);

    /// <summary>A history that stays crowded is looked at again after this; what it grows by meanwhile is kept that much longer.</summary>
    internal static readonly TimeSpan LookAgain = TimeSpan.FromHours(1);

    /// <summary>How often a growing history is noted as perhaps crowded: rarely, as it costs a row of an index.</summary>
    private const long CrowdedEvery = 64;

    /// <summary>
    /// Whether the settings still show an entry: it belongs to one of the newest versions, and is not older than the days say. That only
    /// the newest <see cref="RejectedShown"/> rejected ones are shown is not decided here: the store returns no others.
    /// </summary>
    public static bool Shows(HistoryEntry entry, long currentVersion, Timestamp now, CollectionSettings settings) =>
        Shows(entry.Version, entry.RecordedAt, currentVersion, now, settings);

    internal static bool Shows(
        long version, Timestamp recordedAt, long currentVersion, Timestamp now, CollectionSettings settings) =>
        version > currentVersion - settings.HistoryVersions
        && recordedAt.Ticks > now.Ticks - TimeSpan.FromDays(settings.HistoryDays).Ticks;

    /// <summary>Whether a write id must still be remembered when <paramref name="newer"/> ids of the record are newer.</summary>
    internal static bool Remembers(int newer, Timestamp recordedAt, Timestamp now) =>
        newer < AlwaysRemembered
        || (newer < MostRemembered && recordedAt.Ticks > now.Ticks - RememberedFor.Ticks);

    /// <summary>Whether a history with this newest number is to be noted for the sweep.</summary>
    internal static bool MayBeCrowded(long number) => number > AlwaysRemembered && number % CrowdedEvery == 0;
}
