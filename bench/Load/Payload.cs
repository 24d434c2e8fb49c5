namespace OrleansSync.Load;

/// <summary>The record that every run writes: a to-do of about 200 bytes; or one of a given size.</summary>
internal static class Payload
{
    public static string Data(int writer, long number) =>
        $$"""{"title":"Buy milk and bread, number {{number}}","done":{{(number % 2 == 0 ? "true" : "false")}},"list":"groceries","assignee":"user-{{writer}}","priority":{{number % 5}},"notes":"the corner shop closes at eight in the evening"}""";

    /// <param name="bytes">Of the whole; at least 64.</param>
    public static string Sized(int bytes, int writer, long number)
    {
        var head = $$"""{"assignee":"user-{{writer}}","number":{{number}},"text":" """[..^1];
        return $"{head}{new string('x', Math.Max(0, bytes - head.Length - 2))}\"}}";
    }
}
