namespace OrleansSync.Load;

/// <summary>The record that every run writes: a to-do of about 200 bytes.</summary>
internal static class Payload
{
    public static string Data(int writer, long number) =>
        $$"""{"title":"Buy milk and bread, number {{number}}","done":{{(number % 2 == 0 ? "true" : "false")}},"list":"groceries","assignee":"user-{{writer}}","priority":{{number % 5}},"notes":"the corner shop closes at eight in the evening"}""";
}
