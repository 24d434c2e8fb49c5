using System.Diagnostics;

namespace OrleansSync.Postgres;

/// <summary>One run of the server, from its start to its end.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const string ReadyLine = "database system is ready to accept connections";
    private const int LinesKept = 40;

    // Waits until its input ends, which it does when the tests' process is gone: then it takes the server and its folder along.
    private const string Guard = """
        folder=$1; shift
        "$@" </dev/null &
        exec 1>&- 2>&-
        read -r word || kill -QUIT $!
        wait
        [ "$word" ] || rm -rf "$folder"
        """;

    private readonly Process _guard;
    private readonly string _pidFile;
    private readonly Queue<string> _said = [];
    private readonly TaskCompletionSource<bool> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _ended;

    private ServerProcess(Process guard, string pidFile)
    {
        (_guard, _pidFile) = (guard, pidFile);
        _ended = Listen();
    }

    /// <summary>True when it is ready for connections; false when it ended instead.</summary>
    public Task<bool> Ready => _ready.Task;

    /// <summary>What it said last: why it did not start.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return string.Join('\n', _said);
        }
    }

    public static ServerProcess Start(ServerPrograms programs, string folder, string data, params IEnumerable<string> settings)
    {
        IEnumerable<string> line = ["-c", Guard, "guard", folder, programs.PathOf("postgres"), "-D", data, .. settings.SelectMany(each => new[] { "-c", each })];
        return new(Process.Start(programs.Start("sh", line))!, Path.Combine(data, "postmaster.pid"));
    }

    /// <summary>Sends a signal to the server, and to each of its own processes if asked.</summary>
    public async Task Signal(string name, bool all = false)
    {
        var server = int.Parse((await File.ReadAllLinesAsync(_pidFile))[0]);
        IEnumerable<int> processes = all ? [server, .. ChildrenOf(server)] : [server];
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", .. processes.Select(each => $"{each}")]) { RedirectStandardError = true })!;
        // One of them may have ended by itself meanwhile.
        await kill.StandardError.ReadToEndAsync();
        await kill.WaitForExitAsync();
    }

    /// <summary>Returns when the server and all its processes are gone, which somebody else sees to.</summary>
    public async Task End()
    {
        await _guard.StandardInput.WriteLineAsync("leave");
        _guard.StandardInput.Close();
        await _ended;
        await _guard.WaitForExitAsync();
    }

    public void Dispose() => _guard.Dispose();

    private async Task Listen()
    {
        while (await _guard.StandardError.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.Enqueue(line);
                if (_said.Count > LinesKept)
                    _said.Dequeue();
            }
            if (line.Contains(ReadyLine, StringComparison.Ordinal))
                _ready.TrySetResult(true);
        }
        _ready.TrySetResult(false);
    }

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var process) && ParentOf(process) == parent)
                yield return process;
        }
    }

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            // pid (name) state parent: the name may hold anything.
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
