using OrleansSync.Grains.Records;

namespace OrleansSync.Gateway.Writes;

/// <summary>The door for writes.</summary>
internal static class WriteExtensions
{
    public static IServiceCollection AddWrites(this IServiceCollection services) => services.AddSingleton<RecordGrains>().AddSingleton<WriteGate>();
}
