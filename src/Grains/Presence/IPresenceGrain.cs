using OrleansSync.Protocol;

namespace OrleansSync.Grains.Presence;

/// <summary>
/// Who is looking at or editing what in one collection: in memory only, gone with its silo. Gateways keep what their own connections
/// announce and say it again to a new life. Key: the collection's name.
/// </summary>
public interface IPresenceGrain : IGrainWithStringKey
{
    /// <summary>Takes what connections of a gateway announce, or announce no longer.</summary>
    /// <param name="number">Rises with every call of the gateway: a call that comes after a later one changes nothing.</param>
    /// <param name="known">What the gateway knows already.</param>
    Task<PresenceAnswer> Tell(string gateway, long number, IReadOnlyList<Telling> tellings, PresencePlace known);

    /// <summary>What has changed since; at once.</summary>
    Task<PresenceSlice> Read(PresencePlace known);

    /// <summary>What has changed since; waits about a second for something to.</summary>
    Task<PresenceSlice> Follow(PresencePlace known);
}

/// <summary>Names one announcement: a connection may announce one thing about each record.</summary>
/// <param name="Gateway">The gateway's process; no two have the same, ever.</param>
/// <param name="Connection">The connection, counted by its gateway.</param>
[GenerateSerializer, Immutable]
public readonly record struct AnnouncementKey(
    [property: Id(0)] string Gateway, [property: Id(1)] long Connection, [property: Id(2)] string Record);

/// <summary>What a gateway says of one announcement.</summary>
/// <param name="What">Null = no longer.</param>
/// <param name="Lasts">How long from now on; a duration, so that clocks need not agree.</param>
[GenerateSerializer, Immutable]
public sealed record Telling(
    [property: Id(0)] AnnouncementKey Key, [property: Id(1)] Announcement? What, [property: Id(2)] TimeSpan Lasts);

/// <summary>What became of one announcement.</summary>
/// <param name="What">Null = it is gone.</param>
/// <param name="Until">When it lapses, if nobody renews it.</param>
[GenerateSerializer, Immutable]
public sealed record PresenceChange(
    [property: Id(0)] AnnouncementKey Key, [property: Id(1)] Announcement? What, [property: Id(2)] Timestamp Until);

/// <summary>How much is known: every change of a life up to a revision. The default = nothing.</summary>
/// <param name="Life">Another one when the grain has forgotten everything.</param>
[GenerateSerializer, Immutable]
public readonly record struct PresencePlace([property: Id(0)] string? Life, [property: Id(1)] long Revision);

/// <summary>What brings whoever knew everything up to <paramref name="Since"/> to <paramref name="Place"/>.</summary>
/// <param name="Whole">True when it is all there is, and what is not in it is gone.</param>
/// <param name="Changes">The latest of each announcement only.</param>
[GenerateSerializer, Immutable]
public sealed record PresenceSlice(
    [property: Id(0)] long Since, [property: Id(1)] PresencePlace Place, [property: Id(2)] bool Whole,
    [property: Id(3)] IReadOnlyList<PresenceChange> Changes);

/// <param name="Refused">Those for which there is no room; what they replaced is gone.</param>
[GenerateSerializer, Immutable]
public sealed record PresenceAnswer(
    [property: Id(0)] IReadOnlyList<AnnouncementKey> Refused, [property: Id(1)] PresenceSlice Slice);
