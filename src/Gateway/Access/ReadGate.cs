using OrleansSync.Gateway.Settings;
using OrleansSync.Gateway.Writes;
using OrleansSync.Grains.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Access;

/// <summary>The one door for reading records, of every transport: what a caller may not see is not there.</summary>
internal sealed class ReadGate(IGrainFactory grains, CollectionDirectory collections, AccessRules access, ServerSettings settings)
{
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
        var grain = Grain(collection, id);
        var record = await grain.Read();
        return record is not null && await IsTheirs(grain, record, known, caller) ? record : null;
    }

    /// <summary>The record's grain, when the record exists (or did) and the caller may see it, else null. Throws as <see cref="Enter"/>.</summary>
    public async ValueTask<IRecordGrain?> Find(string collection, string id, Caller caller)
    {
        var known = await Enter(collection, caller);
        var grain = Grain(collection, id);
        if (AccessRules.OwnView(caller, known.Settings) is null) return grain;
        return await grain.Read() is { } record && await IsTheirs(grain, record, known, caller) ? grain : null;
    }

    private IRecordGrain Grain(string collection, string id) =>
        grains.GetGrain<IRecordGrain>(string.Concat(collection, "/", id));

    /// <summary>A tombstone shows no owner: it is whose the record was before, as far as history still knows.</summary>
    private static async ValueTask<bool> IsTheirs(IRecordGrain grain, RecordVersion record, KnownCollection known, Caller caller)
    {
        if (AccessRules.OwnView(caller, known.Settings) is not { } user) return true;
        var data = record.Data ?? (record.Version > 1 ? (await grain.ReadVersion(record.Version - 1))?.Data : null);
        return data is not null && OwnerField.Names(data, known.Settings.Owner!, user);
    }
}
