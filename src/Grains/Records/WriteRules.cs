using System.Text.Json;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Records;

/// <summary>What makes a write invalid beside its merge: its clock, its size, the schema and the owner.</summary>
internal static class WriteRules
{
    /// <summary>What can be said before it is decided.</summary>
    public static Problem? Refusal(Write write, MergeState? state, Timestamp now, CollectionSettings settings, RecordLimits limits)
    {
        if (write.Timestamp is { } sent && sent > now + limits.ClockDrift)
            return new(Codes.ClockAhead, $"The timestamp {sent} is more than {limits.ClockDrift.TotalSeconds:0} s ahead of the server's {now}. Correct the clock.");
        if (write.OwnerOnly && settings.Owner is { } owner && state is not null && !Names(state.Data ?? state.Save(null).Data, owner, write.Author))
            return write.Op == WriteOp.Put
                ? new(Codes.Forbidden, "The record belongs to somebody else.")
                : new(Codes.NotFound, "There is no such record.");
        return null;
    }

    /// <summary>What can be said of the data it leads to.</summary>
    public static Problem? Refusal(
        Decision decision, Write write, CollectionSettings settings, RecordLimits limits, SchemaCheck schemas)
    {
        if (!decision.MakesVersion || decision.State?.Data is not { } data) return null;
        if (limits.DataBytes > 0 && data.Length > limits.DataBytes)
            return new(Codes.TooLarge, $"The data would have {data.Length} bytes; the limit is {limits.DataBytes}.");
        if (write.OwnerOnly && decision.Created && settings.Owner is { } owner && !Names(data, owner, write.Author))
            return new(Codes.Forbidden, $"A new record must name you in its field '{owner}'.");
        return settings.Schema is { } schema ? schemas.Check(schema, data) : null;
    }

    private static bool Names(byte[]? data, string ownerPath, string author)
    {
        if (data is null) return false;
        using var document = JsonDocument.Parse(data);
        var at = document.RootElement;
        foreach (var name in FieldPath.Parse(ownerPath).Segments)
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return false;
        return at.ValueKind == JsonValueKind.String && at.ValueEquals(author);
    }
}
