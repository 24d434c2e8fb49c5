using OrleansSync.Grains.Merging;

namespace OrleansSync.Silo;

/// <summary>Makes the custom policies before the silo starts: a name that is wrong or taken ends the start, not the first write that needs it.</summary>
internal sealed class PolicyCheck(IServiceProvider services) : IConfigurationValidator
{
    public void ValidateConfiguration() => services.GetRequiredService<CustomPolicies>();
}
