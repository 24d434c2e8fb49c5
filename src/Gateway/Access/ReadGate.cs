using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Grains.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Access;

/// <summary>The one door for reading records, of every transport: what a caller may not see is not there.</summary>
internal sealed class ReadGate(
    RecordGrains records, GrainReads reads, CollectionDirectory collections, AccessRules access, ServerSettings settings)
{
    /// <summary>How far back a deletion is looked for among what happened to a tombstone.</summary>
    private const int MostEntries = 500;

    /// <summary>
    /// The collection, when the caller may read it. Throws <see cref="RefusedException"/>: unauthorized, forbidden, or unknown-collection
    /// while collections do not come into being by writing.
    /// </summary>
    public async ValueTask<KnownCollection> Enter(string collection, Caller caller)
    {
        var known = await collections.Read(collection);
        if (access.Read(caller, known.Settings) is { } refusal) throw new RefusedException(refusal);
        if (!known.Exists && !settings.CreateOnWrite) throw new RefusedException(WriteGate.UnknownCollection(collection));
        return known;
    }

    /// <summary>A record as it is, a tombstone included; null when it never was or is not the caller's to know. Throws as <see cref="Enter"/>.</summary>
    public async ValueTask<RecordVersion?> Read(string collection, string id, Caller caller)
    {
        var known = await Enter(collection, caller);
        var grain = records.Of(collection, id);
        var record = await reads.Ask(grain.Read);
        return record is not null && await IsTheirs(grain, record, known, caller) ? record : null;
    }

    /// <summary>The record's grain, when the record exists (or did) and the caller may see it, else null. Throws as <see cref="Enter"/>.</summary>
    public async ValueTask<IRecordGrain?> Find(string collection, string id, Caller caller)
    {
        var known = await Enter(collection, caller);
        var grain = records.Of(collection, id);
        if (AccessRules.OwnView(caller, known.Settings) is null) return grain;
        return await reads.Ask(grain.Read) is { } record && await IsTheirs(grain, record, known, caller) ? grain : null;
    }

    /// <summary>A tombstone shows no owner: it is whose the record was before, as far as history still knows.</summary>
    private async ValueTask<bool> IsTheirs(IRecordGrain grain, RecordVersion record, KnownCollection known, Caller caller)
    {
        if (AccessRules.OwnView(caller, known.Settings) is not { } user) return true;
        var data = record.Data ?? await LastData(grain, record);
        return data is not null && OwnerField.Names(data, known.Settings.Owner!, user);
    }

    /// <summary>Mostly the version before was live; a conflict over the tombstone has made versions since.</summary>
    private async ValueTask<byte[]?> LastData(IRecordGrain grain, RecordVersion tombstone)
    {
        if (tombstone.Version == 1 || await reads.Ask(() => grain.ReadVersion(tombstone.Version - 1)) is not { } before) return null;
        if (!before.Deleted) return before.Data;
        var page = await reads.Ask(() => grain.ReadHistory(long.MaxValue, MostEntries));
        var live = page?.Entries.FirstOrDefault(entry => entry is { MadeVersion: true, Deleted: false });
        return live is null ? null : (await reads.Ask(() => grain.ReadVersion(live.Version)))?.Data;
    }
}
