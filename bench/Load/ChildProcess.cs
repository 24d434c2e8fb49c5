using System.Diagnostics;

namespace OrleansSync.Load;

/// <summary>A process that was started to be measured: what it has cost until now; ended by force.</summary>
internal abstract class ChildProcess(Process process) : IAsyncDisposable
{
    public TimeSpan CpuTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public long WorkingSet
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
