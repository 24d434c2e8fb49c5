namespace OrleansSync.Load.Peers;

/// <summary>SignalR that sends to a group: alone in memory, or two processes behind Redis as its documentation scales it out.</summary>
internal sealed class SignalRContender(bool withRedis) : IContender
{
    public string Name => withRedis ? "SignalR + Redis, 2 servers" : "SignalR";

    public string Version => Environment.Version.ToString();

    public Traits Traits { get; } = new(Kept.InMemory, Concurrent.Overwrites, Increments: false, Resumes: false);

    public async Task<ILiveServer> Start(int records)
    {
        var processes = new List<PeerProcess>();
        try
        {
            string? redis = null;
            if (withRedis)
            {
                var (process, address) = await RedisProgram.Start();
                processes.Add(process);
                redis = address;
            }

            var ports = Enumerable.Range(0, withRedis ? 2 : 1).Select(_ => FreePort.Take()).ToArray();
            foreach (var port in ports)
            {
                processes.Add(await PeerProcess.Start(
                    "dotnet", [typeof(SignalRContender).Assembly.Location, "peer-signalr", $"http://127.0.0.1:{port}", .. redis is null ? [] : new[] { redis }]));
            }

            using (var editor = await SignalREditor.Connect(ports[0])) await editor.Set(0);
            return new LivePeer(processes, ports, records)
            {
                Dialect = _ => new SignalRDialect(),
                Edit = async (port, _) => await SignalREditor.Connect(port),
            };
        }
        catch
        {
            foreach (var process in processes) await process.DisposeAsync();
            throw;
        }
    }
}
