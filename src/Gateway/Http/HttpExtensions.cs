using Microsoft.AspNetCore.OpenApi;

namespace OrleansSync.Gateway.Http;

/// <summary>REST (protocol §3), a class for each group of routes.</summary>
internal static class HttpExtensions
{
    public static IServiceCollection AddHttpRoutes(this IServiceCollection services) => services
        .AddSingleton<OperationsRoutes>()
        .AddSingleton<CollectionRoutes>()
        .AddSingleton<ListRoutes>()
        .AddSingleton<RecordRoutes>()
        .AddSingleton<WriteRoutes>()
        .AddSingleton<BatchRoutes>()
        .AddSingleton<HistoryRoutes>()
        .AddSingleton<ConflictRoutes>()
        .AddOpenApi("v1", OpenApiText.Configure);

    public static void MapHttpRoutes(this WebApplication app)
    {
        var services = app.Services;
        services.GetRequiredService<OperationsRoutes>().Map(app);
        services.GetRequiredService<CollectionRoutes>().Map(app);
        services.GetRequiredService<ListRoutes>().Map(app);
        services.GetRequiredService<RecordRoutes>().Map(app);
        services.GetRequiredService<WriteRoutes>().Map(app);
        services.GetRequiredService<BatchRoutes>().Map(app);
        services.GetRequiredService<HistoryRoutes>().Map(app);
        services.GetRequiredService<ConflictRoutes>().Map(app);
        app.MapOpenApi("/openapi/{documentName}.json");
    }
}
