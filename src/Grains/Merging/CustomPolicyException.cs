namespace OrleansSync.Grains.Merging;

/// <summary>A custom policy that cannot be used, by its name or by what became of asking it. The message is one line, for the operator.</summary>
public sealed class CustomPolicyException(string message, Exception? cause = null) : Exception(message, cause);
