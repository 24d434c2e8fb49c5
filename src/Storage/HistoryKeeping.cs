using OrleansSync.Protocol;

namespace OrleansSync.Storage;

internal enum HistoryFate { Stays, Blanked, Goes }

/// <summary>Decides what becomes of each entry of one history, asked from the newest to the oldest.</summary>
internal interface IHistoryKeeping
{
    /// <param name="named">It has a write id.</param>
    HistoryFate FateOf(long version, Timestamp recordedAt, Outcome outcome, bool named);
}

/// <summary>What is kept of a history: what is shown, and the write ids that are remembered.</summary>
internal sealed class KeepShown(long version, Timestamp now, CollectionSettings settings) : IHistoryKeeping
{
    private int _kept;
    private int _remembered;
    private int _rejected;

    /// <summary>More stays than is always kept: to be looked at again.</summary>
    public bool IsCrowded => _kept > HistoryRetention.AlwaysRemembered;

    public HistoryFate FateOf(long entryVersion, Timestamp recordedAt, Outcome outcome, bool named)
    {
        var remembered = named && HistoryRetention.Remembers(_remembered++, recordedAt, now);
        var shown = HistoryRetention.Shows(entryVersion, recordedAt, version, now, settings)
            && (outcome != Outcome.Rejected || ++_rejected <= HistoryRetention.RejectedShown);
        if (!remembered && !shown)
            return HistoryFate.Goes;
        _kept++;
        return HistoryFate.Stays;
    }
}

/// <summary>What is kept of the history of a forgotten tombstone: the write ids that are remembered, so that no late resend revives it.</summary>
internal sealed class KeepNames(Timestamp now) : IHistoryKeeping
{
    private int _remembered;

    public HistoryFate FateOf(long version, Timestamp recordedAt, Outcome outcome, bool named) =>
        named && HistoryRetention.Remembers(_remembered++, recordedAt, now) ? HistoryFate.Blanked : HistoryFate.Goes;
}
