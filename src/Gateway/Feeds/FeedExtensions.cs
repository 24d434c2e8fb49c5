namespace OrleansSync.Gateway.Feeds;

/// <summary>Feeds in the gateway: what they need, and where they are asked for.</summary>
internal static class FeedExtensions
{
    public static IServiceCollection AddFeeds(this IServiceCollection services) => services.AddSingleton<FeedRegistry>();

    public static IEndpointRouteBuilder MapFeeds(this IEndpointRouteBuilder routes) => routes;
}
