using OrleansSync.Protocol;

namespace OrleansSync.Grains.Collections;

/// <summary>Reads what the store holds, for gateways, which have no way to the store. A stateless worker. Key: any number.</summary>
public interface ICollectionReaderGrain : IGrainWithIntegerKey
{
    /// <summary>Every collection that exists, by name.</summary>
    Task<IReadOnlyList<Collection>> ReadCollections();

    /// <summary>The custom policies that settings may name after <c>custom:</c>: those registered with the silos, wherever gateways run.</summary>
    Task<string[]> ReadPolicies();

    /// <summary>A page of live records; <paramref name="filter"/> is the JSON text of a filter, already checked.</summary>
    /// <param name="conflictsOnly">Of those with an open conflict instead, tombstones too.</param>
    Task<ListedRecords> ReadRecords(string collection, string? filter, string? orderBy, int limit, string? after, bool conflictsOnly = false);
}

[GenerateSerializer, Immutable]
public sealed record ListedRecords([property: Id(0)] IReadOnlyList<RecordVersion> Records, [property: Id(1)] string? Next);
