namespace OrleansSync.Gateway.Presence;

/// <summary>The people at one record, or everybody, as all who watch them share it. Its desk locks.</summary>
internal sealed class PresenceView(string? record)
{
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private People? _people;

    /// <summary>Null = everybody in the collection.</summary>
    public string? Record => record;

    /// <summary>Watches that look at it.</summary>
    public int Watches { get; set; }

    /// <summary>Rises with every change, from 1.</summary>
    public long Revision { get; private set; } = 1;

    /// <summary>Completes at the next change.</summary>
    public Task Changed => _changed.Task;

    public People Read(PeopleBoard board) => _people ??= board.Read(record);

    public void Change()
    {
        _people = null;
        Revision++;
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
