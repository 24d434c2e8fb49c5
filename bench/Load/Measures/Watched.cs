namespace OrleansSync.Load.Measures;

/// <summary>Processes whose cost is watched, as one.</summary>
/// <param name="Cpu">Since they started.</param>
/// <param name="Memory">Resident, in bytes; null = not looked at.</param>
internal sealed record Watched(string Name, Func<TimeSpan> Cpu, Func<long>? Memory)
{
    public static Watched Of(ServerProcess server, string name = "server") => new(name, () => server.CpuTime, () => server.WorkingSet);
}
