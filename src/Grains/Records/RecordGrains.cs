namespace OrleansSync.Grains.Records;

/// <summary>Finds the grains of records. What Orleans would work out from the interface at every call is worked out once.</summary>
public sealed class RecordGrains(IGrainFactory grains)
{
    private Kind? _kind;

    public IRecordGrain Of(string collection, string id)
    {
        var key = new RecordKey(collection, id).ToString();
        if (_kind is { } kind) return (IRecordGrain)grains.GetGrain(GrainId.Create(kind.Grain, key), kind.Interface);
        var record = grains.GetGrain<IRecordGrain>(key);
        if (record is GrainReference reference) _kind = new(reference.GrainId.Type, reference.InterfaceType);
        return record;
    }

    private sealed record Kind(GrainType Grain, GrainInterfaceType Interface);
}
