using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Feeds;

/// <summary>What a change is to a subscriber.</summary>
internal enum ChangeKind : byte { Upsert, Delete, Leave }

/// <summary>One change of a page, already encoded.</summary>
/// <param name="Kind">For a leave only the entry's record id and version are the subscriber's to know.</param>
/// <param name="Json">The whole Change object as minified UTF-8 JSON.</param>
internal readonly record struct FeedChange(ChangeKind Kind, FeedEntry Entry, ReadOnlyMemory<byte> Json);
