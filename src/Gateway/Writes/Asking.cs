namespace OrleansSync.Gateway.Writes;

/// <summary>
/// How long grains that do not answer are asked again, and how often: long enough for the death of a silo to be noticed and its grains to wake
/// elsewhere. Begun with the first question, or before it.
/// </summary>
internal struct Asking(TimeProvider clock, TimeSpan spent = default)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly long _started = clock.GetTimestamp();
    private TimeSpan _pause = FirstPause;

    public readonly TimeSpan Took => spent + clock.GetElapsedTime(_started);

    /// <summary>How long whoever is asked may still take.</summary>
    public readonly TimeSpan Left => Took < Deadline ? Deadline - Took : TimeSpan.Zero;

    /// <summary>False when it is time to give up.</summary>
    public readonly bool MayGoOn => Took + _pause <= Deadline;

    /// <summary>How long to wait before the next question: each time longer.</summary>
    public TimeSpan NextPause()
    {
        var pause = _pause;
        _pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        return pause;
    }
}
