using System.Text.Json;
using OrleansSync.Grains.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Records;

/// <summary>What makes a write invalid beside its merge: its clock, its size, the schema and the owner.</summary>
internal static class WriteRules
{
    /// <summary>What can be said before it is decided.</summary>
    public static Problem? Refusal(Write write, Timestamp now, RecordLimits limits)
    {
        if (write.Timestamp is { } sent && sent > now + limits.ClockDrift)
            return new(Codes.ClockAhead, $"The timestamp {sent} is more than {limits.ClockDrift.TotalSeconds:0} s ahead of the server's {now}. Correct the clock.");
        return null;
    }

    /// <summary>
    /// The answer to a write to somebody else's record: a patch or delete is told what it would be told if the record never was, so that
    /// nobody learns what is not theirs to know. Null when it may go on.
    /// </summary>
    public static WriteResult? OfSomebodyElses(Write write, MergeState? state, Timestamp now, CollectionSettings settings, CustomPolicies policies)
    {
        if (!write.OwnerOnly || settings.Owner is not { } owner || state is null || Names(state.Text, owner, write.Author)) return null;
        if (write.Op == WriteOp.Put) return WriteResult.Invalid(write.Id, new(Codes.Forbidden, "The record would have to be yours."));
        var decision = MergeEngine.Decide(null, write, settings, now, null, policies);
        return decision.Outcome is Outcome.Rejected or Outcome.Invalid
            ? new() { Id = write.Id, Outcome = decision.Outcome, Problem = decision.Problem }
            : WriteResult.Invalid(write.Id, new(Codes.Forbidden, "The record would have to be yours."));
    }

    /// <summary>What can be said of the data it leads to.</summary>
    public static Problem? Refusal(
        Decision decision, Write write, CollectionSettings settings, RecordLimits limits, SchemaCheck schemas)
    {
        if (!decision.MakesVersion || decision.State?.Data is not { } data) return null;
        if (limits.DataBytes > 0 && data.Length > limits.DataBytes)
            return new(Codes.TooLarge, $"The data would have {data.Length} bytes; the limit is {limits.DataBytes}.");
        if (write.OwnerOnly && decision.Created && settings.Owner is { } owner && !Names(data, owner, write.Author))
            return new(Codes.Forbidden, "The record would have to be yours.");
        return settings.Schema is { } schema ? schemas.Check(schema, data) : null;
    }

    private static bool Names(byte[] data, string ownerPath, string author)
    {
        if (!FieldPath.Parse(ownerPath).TryFind(data, out var named)) return false;
        var reader = new Utf8JsonReader(named);
        return reader.Read() && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(author);
    }
}
