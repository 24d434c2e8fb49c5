using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OrleansSync.Postgres;

/// <summary>
/// A real PostgreSQL server in a temporary folder, on a free port of this machine only, with fsync. It can be killed, frozen, stopped and started
/// again on the same port. Nothing is left of it when it is disposed, nor when the process that started it is gone.
/// </summary>
public sealed class TemporaryPostgres : IAsyncDisposable
{
    private const string User = "sync";
    private const int Ports = 5;

    private readonly ServerPrograms _programs;
    private readonly string _folder;
    private readonly string _addresses;
    private ServerProcess? _server;
    private int _databases;

    private TemporaryPostgres(ServerPrograms programs, string folder, string addresses) => (_programs, _folder, _addresses) = (programs, folder, addresses);

    public int Port { get; private set; }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>A new server, ready for connections. Throws with a line that says what to install where there is no PostgreSQL.</summary>
    public static Task<TemporaryPostgres> Start() => StartAt("127.0.0.1", null);

    /// <summary>As <see cref="Start()"/>, to be reached at another address of this machine too, by the addresses of a range such as 10.77.1.0/24.</summary>
    public static Task<TemporaryPostgres> Start(string alsoAt, string range) => StartAt($"127.0.0.1,{alsoAt}", range);

    private static async Task<TemporaryPostgres> StartAt(string addresses, string? range)
    {
        var programs = ServerPrograms.Find();
        var postgres = new TemporaryPostgres(programs, Directory.CreateTempSubdirectory("orleanssync-postgres-").FullName, addresses);
        try
        {
            if (programs.User is { } user)
                await Run(new ProcessStartInfo("chown", [user, postgres._folder]) { RedirectStandardError = true, RedirectStandardInput = true });
            await Run(programs.Start(
                programs.PathOf("initdb"), "-D", postgres.Data, "-U", User, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"));
            if (range is not null) await File.AppendAllTextAsync(Path.Combine(postgres.Data, "pg_hba.conf"), $"host all all {range} trust\n");
            await postgres.StartOnFreePort();
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects to a database of this server, which need not exist yet.</summary>
    public string ConnectionString(string database) => $"Host=127.0.0.1;Port={Port};Username={User};Database={database}";

    /// <summary>A new database, empty or as the template is, which nobody may be using meanwhile; answers how to connect to it.</summary>
    public async Task<string> CreateDatabase(string? template = null)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await Execute($"create database {name} template {template ?? "template0"}");
        return ConnectionString(name);
    }

    /// <summary>Takes a database away, whoever is connected to it.</summary>
    public Task DropDatabase(string name) => Execute($"drop database if exists {name} with (force)");

    /// <summary>kill -9 of the server and of all its processes at once.</summary>
    public Task Kill() => End("KILL", all: true);

    /// <summary>An orderly stop: connections are closed, nobody is waited for.</summary>
    public Task Stop() => End("INT");

    /// <summary>After <see cref="Kill"/> or <see cref="Stop"/>, on the same port.</summary>
    public async Task StartAgain()
    {
        if (await TryStart() is { } why)
            throw new InvalidOperationException($"PostgreSQL does not start again:\n{why}");
    }

    /// <summary>From now on it takes connections and says nothing, as a machine that hangs.</summary>
    public Task Freeze() => _server!.Signal("STOP", all: true);

    public Task Thaw() => _server!.Signal("CONT", all: true);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await Kill();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartOnFreePort()
    {
        for (var tries = 1; ; tries++)
        {
            Port = FreePort();
            if (await TryStart() is not { } why)
                return;
            // Somebody else may have taken the port since.
            if (tries == Ports)
                throw new InvalidOperationException($"PostgreSQL does not start:\n{why}");
        }
    }

    /// <summary>Null when it is ready; otherwise what it said.</summary>
    private async Task<string?> TryStart()
    {
        var server = ServerProcess.Start(
            _programs, _folder, Data, $"port={Port}", $"listen_addresses={_addresses}", "unix_socket_directories=", "max_connections=200", "fsync=on");
        if (await server.Ready)
        {
            _server = server;
            return null;
        }
        await server.End();
        server.Dispose();
        return server.Said;
    }

    private async Task End(string signal, bool all = false)
    {
        var server = _server ?? throw new InvalidOperationException("The server is not running.");
        await server.Signal(signal, all);
        await server.End();
        server.Dispose();
        _server = null;
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task Run(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (said, failed) = (start.RedirectStandardOutput ? process.StandardOutput.ReadToEndAsync() : Task.FromResult(""), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed:\n{await said}{await failed}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
