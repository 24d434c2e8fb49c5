namespace OrleansSync.Histories;

/// <summary>What a history can have wrong with it.</summary>
internal enum Flaw
{
    /// <summary>A write that was answered, or seen, is not there.</summary>
    Lost,

    /// <summary>A write happened more than once.</summary>
    Twice,

    /// <summary>Two writes have one version.</summary>
    Shared,

    /// <summary>A version is missing between others.</summary>
    Gap,

    /// <summary>Something happened that nobody asked for.</summary>
    Unasked,

    /// <summary>A write that began after another had ended comes before it.</summary>
    Order,

    /// <summary>A read shows less than what had ended before it began.</summary>
    Stale,

    /// <summary>A record shows what it never was.</summary>
    Torn,

    /// <summary>A condition did not decide as it should.</summary>
    Condition,

    /// <summary>The answers to one write do not agree.</summary>
    Resend,

    /// <summary>An answer that these calls never deserve.</summary>
    Answer,

    /// <summary>Pages that are not one chain.</summary>
    Chain,

    /// <summary>A subscriber was told of an older version after a newer one.</summary>
    Backwards,

    /// <summary>A subscriber was told of something before anybody asked for it.</summary>
    Foreseen,

    /// <summary>A subscriber ended without a record's last state.</summary>
    Missed,

    /// <summary>Two places do not show the same in the end.</summary>
    Unequal,
}

/// <summary>One thing that is wrong, in a sentence.</summary>
internal sealed record Breach(Flaw Flaw, string Sentence);

/// <summary>What the checker says of a history.</summary>
internal sealed record Verdict(IReadOnlyList<Breach> Breaches)
{
    private const int Shown = 25;

    public bool IsGood => Breaches.Count == 0;

    public override string ToString() => IsGood
        ? "good"
        : $"{Breaches.Count} breaches\n{string.Join('\n', Breaches.Take(Shown).Select(breach => $"  {breach.Flaw}: {breach.Sentence}"))}";
}
