using System.Diagnostics;

namespace OrleansSync.Load.Peers;

/// <summary>One process of a peer: up when it has printed a line that says so, ended by force.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private PeerProcess(Process process) => _process = process;

    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <param name="folder">Where it works; null = here.</param>
    /// <param name="ready">How the line ends that says it is up.</param>
    public static async Task<PeerProcess> Start(string program, IEnumerable<string> arguments, string? folder = null, string ready = "ready")
    {
        var process = new Process
        {
            StartInfo = new(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = folder ?? "" },
            EnableRaisingEvents = true,
        };
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.EndsWith(ready, StringComparison.Ordinal) == true) up.TrySetResult();
        };
        process.Exited += (_, _) => up.TrySetException(new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended before it was up."));
        process.Start();
        process.BeginOutputReadLine();
        var peer = new PeerProcess(process);
        try
        {
            await up.Task.WaitAsync(Patience);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
