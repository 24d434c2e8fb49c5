namespace OrleansSync.Gateway.Settings;

/// <summary>What the process says once it serves: where it is, and three commands to paste: write, follow, edit.</summary>
internal static partial class Announcement
{
    public static void AnnounceOnStart(this WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        var settings = app.Services.GetRequiredService<ServerSettings>();
        Console.Out.WriteLine(Text(app.Urls, settings.Auth.Required));
        if (!settings.Auth.Required) NobodyIsAsked(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("OrleansSync.Gateway"));
    });

    private static string Text(ICollection<string> urls, bool withToken)
    {
        var url = urls.FirstOrDefault();
        var token = withToken ? " -H \"Authorization: Bearer $TOKEN\"" : "";
        return $$"""
            OrleansSync listens on {{string.Join(' ', urls)}}. Paste, the second one into another terminal:
            curl -X PUT {{url}}/v1/collections/todos/records/t1{{token}} -H 'Content-Type: application/json' -d '{"title":"Buy milk"}'
            curl -N {{url}}/v1/collections/todos/changes{{token}} -H 'Accept: text/event-stream'
            curl -X PATCH {{url}}/v1/collections/todos/records/t1{{token}} -H 'Content-Type: application/json' -d '{"title":"Buy oat milk"}'
            """;
    }

    [LoggerMessage(1, LogLevel.Warning, "Neither Auth:Key nor Auth:Authority is set: everybody is anonymous and may read, write and administer")]
    private static partial void NobodyIsAsked(ILogger log);
}
