namespace OrleansSync.Protocol;

/// <summary>Where a feed partition stands.</summary>
/// <param name="Incarnation">1–8 characters 0-9 a-z, drawn when the feed was created: cursors of another life of the feed do not fit.</param>
/// <param name="Head">The place of its newest entry; 0 = none yet.</param>
/// <param name="Floor">Tombstones up to this place may be forgotten: older cursors (except 0) must be reset.</param>
[GenerateSerializer, Immutable]
public sealed record FeedPlace(
    [property: Id(0)] string Incarnation, [property: Id(1)] long Head, [property: Id(2)] long Floor);
