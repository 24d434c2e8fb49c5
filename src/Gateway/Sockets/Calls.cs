using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Presence;
using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Sockets;

/// <summary>Which record is asked for; names are valid.</summary>
internal readonly record struct RecordKey(string Collection, string Record)
{
    public static RecordKey Of(Write write) => new(write.Collection, write.Record);
}

/// <summary>
/// What a socket's frame or a hub's call asks for, read from its members and asked at the gates: the same for both. Reading throws
/// <see cref="RefusedException"/> where the frame is wrong as a whole.
/// </summary>
internal sealed class Calls(
    WriteGate writing, ReadGate reading, CollectionDirectory collections, ServerSettings settings, PresenceGate presence, TimeProvider clock)
{
    public PresenceGate Presence => presence;

    /// <summary>The name of a client's device or tab, or null.</summary>
    public static string? ClientOf(JsonMembers members) => CheckedClient(members.String("client"));

    public static string? CheckedClient(string? client) => client is null || Names.IsId(client)
        ? client
        : throw new RefusedException(Codes.InvalidName, "'client' is not a valid name: it takes 1 to 128 of A-Z a-z 0-9 - _ . ~ : @.");

    public static RecordKey RecordOf(JsonMembers members)
    {
        var collection = CollectionOf(members);
        var record = members.String("record") ?? throw Missing("record");
        return Names.IsRecordId(record)
            ? new(collection, record)
            : throw new RefusedException(Codes.InvalidName, "'record' is not a valid name: it takes 1 to 128 of A-Z a-z 0-9 - _ . ~ : @.");
    }

    public static FeedRequest FeedOf(JsonMembers members, Caller caller) => new()
    {
        Collection = CollectionOf(members),
        Filter = members.TryGet("filter", out var filter) ? Filter.Parse(filter.Span) : null,
        Since = members.String("since"),
        Caller = caller,
    };

    /// <summary>Reads the writes of a frame; a bad one among them becomes a bad result.</summary>
    public WriteBatch WritesOf(JsonMembers members, Caller caller, string? client)
    {
        var raw = members.Elements("writes") ?? throw Missing("writes");
        if (raw.Count > settings.Limits.Writes)
            throw new RefusedException(Codes.TooLarge, $"At most {settings.Limits.Writes} writes go into one frame: send the rest in another.");
        var reads = new WriteRead[raw.Count];
        for (var i = 0; i < reads.Length; i++)
            reads[i] = WriteReader.Read(raw[i], caller.Author, client, settings.Limits.DataBytes);
        return new(reads);
    }

    /// <summary>Reads what a frame asks of a record's conflict; a bad one becomes a bad result too.</summary>
    public WriteBatch OfConflict(JsonMembers members, WriteOp op, Caller caller, string? client) =>
        new([WriteReader.ReadOfConflict(members, op, caller.Author, client, settings.Limits.DataBytes)], Alone: true);

    /// <summary>Learns what the gate must know of the batch's collections, so that it hands the writes on at once, in order. Answers how long that took.</summary>
    public async ValueTask<TimeSpan> Learn(WriteBatch batch)
    {
        var begun = clock.GetTimestamp();
        string? known = null;
        foreach (var read in batch.Reads)
        {
            if (read.Write is not { } write || write.Collection == known) continue;
            known = write.Collection;
            try
            {
                await collections.Read(known);
            }
            catch (Exception)
            {
                // The gate asks again, and answers with what it gets. Who waited for one in vain is not held up by the next one too.
                break;
            }
        }
        return clock.GetElapsedTime(begun);
    }

    /// <summary>Does a batch: the answers are in its order, and the writes are handed on before this first waits.</summary>
    public async ValueTask<WriteResult[]> Write(WriteBatch batch, Caller caller, CancellationToken cancel, TimeSpan spent = default)
    {
        if (batch.Reads is [{ Write: { } single }]) return [await writing.Write(single, caller, cancel, spent)];
        return await writing.WriteAll(batch.Reads, caller, cancel, spent);
    }

    /// <summary>The record or its tombstone, null when there is none; throws <see cref="RefusedException"/> as the gate does.</summary>
    public ValueTask<RecordVersion?> Find(RecordKey key, Caller caller) => reading.Read(key.Collection, key.Record, caller);

    /// <summary>As <see cref="Find"/>, but what never was is a not-found.</summary>
    public async ValueTask<RecordVersion> Get(RecordKey key, Caller caller) =>
        await Find(key, caller)
        ?? throw new RefusedException(Codes.NotFound, $"There is no record {key.Record} in {key.Collection}.");

    public static string CollectionOf(JsonMembers members)
    {
        var collection = members.String("collection") ?? throw Missing("collection");
        return Names.IsCollection(collection)
            ? collection
            : throw new RefusedException(
                Codes.InvalidName, "'collection' is not a valid name: it takes a lower-case letter, then up to 62 of a-z, 0-9, _ and -.");
    }

    private static RefusedException Missing(string name) => new(Codes.Malformed, $"'{name}' is missing.");
}

/// <summary>The writes of one frame as they were read.</summary>
/// <param name="Alone">True when the frame is the write itself: it is answered with one result, not with a list.</param>
internal readonly record struct WriteBatch(WriteRead[] Reads, bool Alone = false)
{
    /// <summary>What it counts for among what is unanswered: an empty one counts too.</summary>
    public int Weight => Math.Max(Reads.Length, 1);

    /// <summary>The records it writes, each once.</summary>
    /// <param name="chains">True when a record is written twice, so that one write waits for another.</param>
    public IReadOnlyCollection<RecordKey> Records(out bool chains)
    {
        var records = new HashSet<RecordKey>(Reads.Length);
        chains = false;
        foreach (var read in Reads)
            if (read.Write is { } write) chains |= !records.Add(RecordKey.Of(write));
        return records;
    }
}
