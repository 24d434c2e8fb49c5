namespace OrleansSync.EndToEnd;

/// <summary>The real server as its users start it: a process on a port, with a data folder that outlives it.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("orleanssync-e2e-").FullName;
    private readonly ServedProgram _program;

    /// <param name="program">The assembly to start; ours unless told.</param>
    public GatewayProcess(string? program = null)
    {
        Address = new($"http://127.0.0.1:{StablePort.Take()}");
        _program = new(program ?? BuiltBeside.Gateway, Address, ["--Urls", Address.ToString(), "--Data", _data], Console.Error.WriteLine);
    }

    public Uri Address { get; }

    public HttpClient Http => _program.Http;

    public long WorkingSet => _program.WorkingSet;

    public static async Task<GatewayProcess> Started(string? program = null)
    {
        var gateway = new GatewayProcess(program);
        await gateway.Start();
        return gateway;
    }

    /// <summary>Starts it and returns when it says that writes would succeed.</summary>
    public Task Start()
    {
        _program.Start();
        return _program.Ready();
    }

    /// <summary>As kill -9: no handler runs, nothing is flushed.</summary>
    public Task Kill() => _program.Kill();

    public ValueTask DisposeAsync()
    {
        _program.Dispose();
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }
}
