namespace OrleansSync.Gateway.Feeds;

/// <summary>Feeds in the gateway: what they need, and where they are asked for.</summary>
internal static class FeedExtensions
{
    public static IServiceCollection AddFeeds(this IServiceCollection services) => services
        .AddSingleton<IFeedSource, GrainFeedSource>()
        .AddSingleton<FeedRegistry>()
        .AddSingleton<EventStream>()
        .AddSingleton<ChangesRoute>();

    public static IEndpointRouteBuilder MapFeeds(this IEndpointRouteBuilder routes)
    {
        routes.ServiceProvider.GetRequiredService<ChangesRoute>().Map(routes);
        return routes;
    }
}
