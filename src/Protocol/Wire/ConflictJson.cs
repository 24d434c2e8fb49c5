using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>
/// An open conflict as JSON (protocol §6): <c>{"id","revision","openedAt","claimedBy","claimedUntil","fields":{path:{"base","current"}},"candidates":[…]}</c>.
/// </summary>
public static class ConflictJson
{
    public static void Write(IBufferWriter<byte> target, Conflict conflict)
    {
        var json = new JsonOut(target);
        Write(ref json, conflict);
        json.End();
    }

    public static void Write(ref JsonOut json, Conflict conflict)
    {
        json.Raw("{\"id\":"u8);
        json.String(conflict.Id);
        json.Raw(",\"revision\":"u8);
        json.Number(conflict.Revision);
        json.Raw(",\"openedAt\":"u8);
        json.Instant(conflict.OpenedAt);
        if (conflict.Claim is { } claim)
        {
            json.Raw(",\"claimedBy\":"u8);
            json.String(claim.Author);
            json.Raw(",\"claimedUntil\":"u8);
            json.Instant(claim.Until);
        }
        WriteFields(ref json, conflict.Fields);
        json.Raw(",\"candidates\":"u8);
        WriteCandidates(ref json, conflict.Candidates);
        json.Raw('}');
    }

    /// <summary>Writes <c>[candidate, …]</c>.</summary>
    internal static void WriteCandidates(ref JsonOut json, IEnumerable<Candidate> candidates)
    {
        json.Raw('[');
        var first = true;
        foreach (var candidate in candidates)
        {
            if (!first)
                json.Raw(',');
            WriteCandidate(ref json, candidate);
            first = false;
        }
        json.Raw(']');
    }

    private static void WriteFields(ref JsonOut json, IReadOnlyList<ConflictField> fields)
    {
        json.Raw(",\"fields\":{"u8);
        for (var i = 0; i < fields.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            json.String(fields[i].Path);
            json.Raw(":{"u8);
            if (fields[i].Base is { } before)
            {
                json.Raw("\"base\":"u8);
                json.Raw(before);
            }
            if (fields[i].Current is { } current)
            {
                json.Raw(fields[i].Base is null ? "\"current\":"u8 : ",\"current\":"u8);
                json.Raw(current);
            }
            json.Raw('}');
        }
        json.Raw('}');
    }

    private static void WriteCandidate(ref JsonOut json, Candidate candidate)
    {
        json.Raw("{\"id\":"u8);
        json.Number(candidate.Id);
        json.Member(",\"write\":"u8, candidate.Write);
        json.Member(",\"author\":"u8, candidate.Author);
        json.Member(",\"client\":"u8, candidate.Client);
        json.Raw(",\"timestamp\":"u8);
        json.Instant(candidate.Timestamp);
        json.Raw(",\"op\":"u8);
        json.String(Words.Of(candidate.Op));
        if (candidate.Base is { } seen)
        {
            json.Raw(",\"base\":"u8);
            json.Number(seen);
        }
        WriteValues(ref json, candidate.Values);
        WriteRemoved(ref json, candidate.Removed);
        json.Raw('}');
    }

    private static void WriteValues(ref JsonOut json, IReadOnlyList<PathValue> values)
    {
        if (values.Count == 0)
            return;
        json.Raw(",\"values\":{"u8);
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            json.String(values[i].Path);
            json.Raw(':');
            json.Raw(values[i].Value);
        }
        json.Raw('}');
    }

    private static void WriteRemoved(ref JsonOut json, IReadOnlyList<string> removed)
    {
        if (removed.Count == 0)
            return;
        json.Raw(",\"removed\":["u8);
        for (var i = 0; i < removed.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            json.String(removed[i]);
        }
        json.Raw(']');
    }
}
