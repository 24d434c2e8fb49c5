namespace OrleansSync.Protocol;

/// <summary>Reads how long a claim is to last (protocol §6): <c>{"seconds": 300}</c>.</summary>
public static class ClaimReader
{
    /// <summary>Longest claim, in seconds.</summary>
    public const int MostSeconds = 86_400;

    /// <summary>The seconds, null where they are not told; throws <see cref="RefusedException"/> (malformed) for anything but 1 to 86,400.</summary>
    public static int? Read(JsonMembers members) => members.Integer("seconds") switch
    {
        null => null,
        >= 1 and <= MostSeconds and var seconds => (int)seconds,
        _ => throw new RefusedException(Codes.Malformed, $"'seconds' must be from 1 to {MostSeconds}."),
    };
}
