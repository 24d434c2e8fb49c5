using System.Diagnostics;

namespace OrleansSync.Load.Peers;

/// <summary>One process of a peer: up when it has printed a line that says so.</summary>
internal sealed class PeerProcess : ChildProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private PeerProcess(Process process)
        : base(process)
    {
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
}
