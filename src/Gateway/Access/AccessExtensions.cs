namespace OrleansSync.Gateway.Access;

/// <summary>Who asks, what they may, and the door for reading.</summary>
internal static class AccessExtensions
{
    public static IServiceCollection AddAccess(this IServiceCollection services) => services
        .AddSingleton<CallerReader>()
        .AddSingleton<AccessRules>()
        .AddSingleton<OriginRules>()
        .AddSingleton<GrainReads>()
        .AddSingleton<CollectionDirectory>()
        .AddSingleton<ReadGate>();
}
