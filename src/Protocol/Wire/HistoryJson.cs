using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>
/// History as JSON (protocol §7); an entry of something refused also says why, with <c>code</c> and <c>detail</c>, and that of a
/// resolution which candidates it did not take.
/// </summary>
public static class HistoryJson
{
    /// <summary>Writes <c>{"entries":[…],"next":"…"}</c>.</summary>
    public static void WritePage(IBufferWriter<byte> target, IReadOnlyList<HistoryEntry> entries, string? next)
    {
        var json = new JsonOut(target);
        json.Raw("{\"entries\":["u8);
        for (var i = 0; i < entries.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            WriteEntry(ref json, entries[i]);
        }
        json.Raw(']');
        json.Member(",\"next\":"u8, next);
        json.Raw('}');
        json.End();
    }

    public static void WriteEntry(IBufferWriter<byte> target, HistoryEntry entry)
    {
        var json = new JsonOut(target);
        WriteEntry(ref json, entry);
        json.End();
    }

    private static void WriteEntry(ref JsonOut json, HistoryEntry entry)
    {
        json.Raw("{\"version\":"u8);
        json.Number(entry.Version);
        json.Raw(",\"timestamp\":"u8);
        json.Instant(entry.Timestamp);
        json.Member(",\"author\":"u8, entry.Author);
        json.Member(",\"client\":"u8, entry.Client);
        json.Member(",\"write\":"u8, entry.Write);
        json.Raw(",\"op\":"u8);
        json.String(Words.Of(entry.Op));
        json.Raw(",\"outcome\":"u8);
        json.String(Words.Of(entry.Outcome));
        json.Member(",\"code\":"u8, entry.Problem?.Code);
        if (entry.Problem is { } problem)
            ProblemJson.WriteDetail(ref json, problem);
        json.Raw(",\"changes\":["u8);
        WriteChanges(ref json, entry.Changes, first: true);
        WriteChanges(ref json, entry.Wanted, first: entry.Changes.Count == 0);
        json.Raw(']');
        ResultJson.WriteFields(ref json, entry.Fields);
        if (entry.Settlement is { } settlement)
            WriteSettlement(ref json, settlement);
        json.Raw('}');
    }

    private static void WriteChanges(ref JsonOut json, IReadOnlyList<PathChange> changes, bool first)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            json.Raw(first ? "{\"path\":"u8 : ",{\"path\":"u8);
            json.String(changes[i].Path);
            WriteValue(ref json, ",\"from\":"u8, changes[i].From);
            WriteValue(ref json, ",\"to\":"u8, changes[i].To);
            json.Raw('}');
            first = false;
        }
    }

    private static void WriteSettlement(ref JsonOut json, Settlement settlement)
    {
        json.Member(",\"note\":"u8, settlement.Note);
        json.Raw(",\"discarded\":"u8);
        ConflictJson.WriteCandidates(
            ref json, settlement.Conflict.Candidates.Where(candidate => settlement.Discarded.Contains(candidate.Id)));
    }

    private static void WriteValue(ref JsonOut json, ReadOnlySpan<byte> nameWithComma, byte[]? value)
    {
        if (value is null)
            return;
        json.Raw(nameWithComma);
        json.Raw(value);
    }
}
