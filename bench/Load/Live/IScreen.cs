namespace OrleansSync.Load.Live;

/// <summary>Where a run shows how it is going: a terminal, or a file that only lines make sense in.</summary>
internal interface IScreen
{
    /// <summary>Does the work, with the display there as long as it takes.</summary>
    Task While(Func<Task> work);

    /// <summary>A line that stays: results.</summary>
    void Line(string text);

    /// <summary>Replaces what was shown before; called twice a second.</summary>
    void Show(Progress progress);

    /// <summary>Something is being prepared.</summary>
    void Preparing(string what);
}
