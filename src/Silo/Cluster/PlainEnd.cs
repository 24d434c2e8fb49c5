namespace OrleansSync.Silo.Cluster;

/// <summary>
/// How a silo ends that may not go on, most often because the others could not hear it and have declared it dead: at once, with a line for the
/// operator and an exit code that has it started again. Orleans by itself waits two seconds and aborts, with a stack and a core dump.
/// </summary>
internal sealed class PlainEnd : IFatalErrorHandler
{
    // Not 1, which is for what starting again does not mend: a wrong setting.
    private const int ExitCode = 3;
    private const string DeclaredDead = "I have been told I am dead";

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        Console.Error.WriteLine(context is not null && context.StartsWith(DeclaredDead, StringComparison.Ordinal)
            ? "This silo ends: it did not answer the others, and they have declared it dead. Start it again."
            : $"This silo ends: {Line(context)}{(exception is null ? "" : $": {Line(exception.Message)}")}. Start it again.");
        // Whoever is dead and knows it has nothing more to tell its clients: their connections break, and they go elsewhere.
        Environment.Exit(ExitCode);
    }

    private static string Line(string? text) => (text ?? "it cannot go on").TrimEnd('.').ReplaceLineEndings(" ");
}
