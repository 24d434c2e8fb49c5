using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace OrleansSync.Micro;

/// <summary>How the steps are measured if nothing else is asked for: all of them within minutes. <c>--iterationCount 30</c> takes longer and knows better.</summary>
public static class ShortJob
{
    // All in this process: no program need be built for each. What one step has warmed may help the next, so compare runs of the same steps.
    private static readonly Job Job = Job.Default
        .WithToolchain(InProcessEmitToolchain.Instance)
        .WithIterationTime(TimeInterval.FromMilliseconds(200))
        .WithWarmupCount(4)
        .WithIterationCount(6);

    public static IConfig Config { get; } = ManualConfig.CreateEmpty()
        .AddJob(Job)
        .AddDiagnoser(MemoryDiagnoser.Default)
        .AddColumnProvider(DefaultColumnProviders.Instance)
        .AddLogger(ConsoleLogger.Default)
        .AddExporter(MarkdownExporter.GitHub)
        .WithArtifactsPath(Path.Combine("artifacts", "micro"));
}
