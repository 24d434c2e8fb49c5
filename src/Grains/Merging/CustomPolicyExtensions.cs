using Microsoft.Extensions.DependencyInjection;

namespace OrleansSync.Grains.Merging;

/// <summary>Registers custom policies.</summary>
public static class CustomPolicyExtensions
{
    /// <summary>
    /// Makes a policy known to the silo of this process; every silo of a cluster needs the same ones. There is one instance, made by the container.
    /// The silo does not start (<see cref="CustomPolicyException"/>) where a name is wrong, or two have the same.
    /// </summary>
    public static IServiceCollection AddCustomPolicy<TPolicy>(this IServiceCollection services) where TPolicy : class, ICustomPolicy =>
        services.AddSingleton<ICustomPolicy, TPolicy>();
}
