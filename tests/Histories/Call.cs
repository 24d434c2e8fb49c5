namespace OrleansSync.Histories;

/// <summary>What a call was for.</summary>
internal enum Asked
{
    Read,

    /// <summary>Adds itself, by operations: it needs to have seen nothing.</summary>
    Add,

    /// <summary>Puts all that was read and itself.</summary>
    Replace,
}

/// <summary>How a call was answered.</summary>
internal enum Said
{
    Done,

    /// <summary>The version was not the one that was named.</summary>
    Refused,

    /// <summary>Something that these calls never deserve; the words say what.</summary>
    Other,
}

/// <param name="Shown">The record as the answer showed it.</param>
/// <param name="Replayed">The server says that it has given this answer before.</param>
internal sealed record Answer(Said Said, Showing Shown, bool Replayed = false, string? Words = null);

/// <summary>One time that a call was sent.</summary>
/// <param name="Start">Ticks of a monotonic clock, one for the whole history.</param>
/// <param name="End">When it was answered, or given up.</param>
/// <param name="Answer">Null = nobody answered, or nobody knew: it may have happened or not.</param>
internal sealed record Attempt(string Gateway, long Start, long End, Answer? Answer);

/// <summary>What one client asked, however often it had to send it. Resends are attempts of the same call.</summary>
/// <param name="Record">Collection and id, with a slash between.</param>
/// <param name="Write">The write id; null for reads.</param>
/// <param name="IfVersion">It was only to happen at this version.</param>
internal sealed record Call(string Client, string Record, Asked Asked, string? Write, long? IfVersion, IReadOnlyList<Attempt> Attempts)
{
    public long Start => Attempts[0].Start;

    /// <summary>The first attempt that was answered.</summary>
    public Attempt? Answered => Attempts.FirstOrDefault(attempt => attempt.Answer is not null);

    public Answer? Answer => Answered?.Answer;

    /// <summary>A call that nobody answered has no end: it may still happen.</summary>
    public long End => Answered?.End ?? long.MaxValue;

    public bool IsDone => Answer?.Said == Said.Done;

    public string Name => Write ?? $"a read of {Client} through {Attempts[0].Gateway}";
}
