using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Merging;

/// <summary>Everything that is known of a record at one version: its data and what decides the next write. Never changes.</summary>
internal sealed class MergeState
{
    // Removals are remembered so that an older edit that comes late does not bring a value back. A record that is used as a queue would
    // remember without end: past this many, those of the oldest versions are forgotten, and with them very late edits win.
    private const int MostRemovals = 4096;

    private readonly byte[] _text;

    private MergeState(RecordVersion view, Node root, Stamp? erased, byte[] text) =>
        (View, Root, Erased, _text) = (view, root, erased, text);

    /// <summary>The record as others see it.</summary>
    public RecordVersion View { get; }

    /// <summary>The data with its marks; behind a tombstone, what a later edit shows again.</summary>
    public Node Root { get; }

    /// <summary>The latest delete. The record is a tombstone exactly when no edit is later.</summary>
    public Stamp? Erased { get; }

    /// <summary>The latest edit.</summary>
    public Stamp Edited => Root.Ensured!;

    /// <summary>The stamp that the record's timestamp, author and client are of.</summary>
    public Stamp Latest => Stamp.Later(Edited, Erased)!;

    /// <summary>The greatest timestamp the record has seen: a write without one comes after it.</summary>
    public Timestamp LatestSeen => Latest.At;

    /// <summary>The values that wait for a person, if any do.</summary>
    public Conflict? Conflict => View.Conflict;

    public string Id => View.Id;
    public long Version => View.Version;
    public bool Deleted => View.Deleted;

    /// <summary>The live data; null for a tombstone.</summary>
    public byte[]? Data => View.Data;

    /// <summary>The data, also behind a tombstone.</summary>
    public byte[] Text => _text;

    /// <summary>The first version of a record.</summary>
    /// <param name="text">The text of the root, where the caller has it.</param>
    public static MergeState Born(string id, Node root, byte[]? text) => At(id, 1, root, null, text, null);

    /// <summary>The next version; an open conflict goes on beside the new data.</summary>
    public MergeState Next(Node root, Stamp? erased, byte[]? text = null) => At(Id, Version + 1, root, erased, text, Conflict);

    /// <summary>The next version, with the conflict it is to have: its paths show the new data.</summary>
    public MergeState Next(Node root, Stamp? erased, Conflict? conflict) => At(Id, Version + 1, root, erased, null, conflict);

    /// <summary>The same version with something more to remember.</summary>
    public MergeState Quietly(Node root, Stamp? erased, byte[]? text = null) => At(Id, Version, root, erased, text, Conflict);

    private static MergeState At(string id, long version, Node root, Stamp? erased, byte[]? text, Conflict? conflict)
    {
        if (root.Removals > MostRemovals) root = Forgetting.OldRemovals(root, MostRemovals * 3 / 4);
        text ??= NodeText.Write(root);
        var latest = Stamp.Later(root.Ensured, erased)!;
        var data = ReferenceEquals(latest, erased) ? null : text;
        var view = new RecordVersion
        {
            Id = id,
            Version = version,
            Timestamp = latest.At,
            Author = latest.Author,
            Client = latest.Client,
            Data = data,
            Conflict = conflict is null ? null : Conflicts.Beside(conflict, data),
        };
        return new(view, root, erased, text);
    }

    public static MergeState Load(RecordState stored)
    {
        var text = stored.Data ?? "{}"u8.ToArray();
        if (stored.Merge.Length == 0) return Forgotten(stored.View, text);
        var (root, erased) = MergeColumn.Read(stored.Merge, NodeText.Read(text));
        return new(stored.View, root, erased, text);
    }

    // Of a tombstone that retention has forgotten only the view is left: a record that holds nothing, deleted when the view says.
    private static MergeState Forgotten(RecordVersion view, byte[] text)
    {
        var root = new Node { Kind = NodeKind.Object, Wiped = Stamp.Never, Ensured = Stamp.Never };
        return new(view, root, new Stamp(view.Timestamp, view.Author, view.Client, null), text);
    }

    /// <param name="write">The write id that made the version, if it had one.</param>
    public RecordState Save(string? write) =>
        new() { View = View, Data = _text, Merge = MergeColumn.Write(Root, Erased), Write = write };
}
