namespace OrleansSync.Gateway.Presence;

/// <summary>Who is looking at or editing what: the door and what is behind it.</summary>
internal static class PresenceExtensions
{
    public static IServiceCollection AddPresence(this IServiceCollection services) => services
        .AddSingleton<PresenceDesks>()
        .AddSingleton<PresenceGate>();
}
