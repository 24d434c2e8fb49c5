using System.Diagnostics;

namespace OrleansSync.Postgres;

/// <summary>Finds PostgreSQL's programs on this machine, and how to run them: they refuse to run as root.</summary>
internal sealed class ServerPrograms
{
    private static readonly string[] OtherUsers = ["postgres", "nobody"];

    private readonly string _folder;
    private readonly string[] _before;

    private ServerPrograms(string folder, string? user, string[] before)
    {
        (_folder, User, _before) = (folder, user, before);
    }

    /// <summary>Whom the server's files must belong to; null when it runs as whoever runs the tests.</summary>
    public string? User { get; }

    public static ServerPrograms Find()
    {
        var folder = Folders().FirstOrDefault(each => File.Exists(Path.Combine(each, "postgres")) && File.Exists(Path.Combine(each, "initdb")))
            ?? throw new InvalidOperationException(
                "PostgreSQL is missing: install its server ('apt-get install postgresql'), or put the folder of 'postgres' and 'initdb' on the PATH.");
        if (!Environment.IsPrivilegedProcess)
            return new(folder, null, []);
        var user = OtherUsers.FirstOrDefault(Exists)
            ?? throw new InvalidOperationException("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as.");
        return new(folder, user, As(user));
    }

    public string PathOf(string program) => Path.Combine(_folder, program);

    /// <summary>How to start a program as the server's user, its output to be read.</summary>
    public ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        string[] line = [.. _before, program, .. arguments];
        return new(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C" },
        };
    }

    private static IEnumerable<string> Folders()
    {
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            yield return folder;
        if (Directory.Exists("/usr/lib/postgresql"))
            foreach (var version in Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(each => int.TryParse(Path.GetFileName(each), out var number) ? number : 0))
                yield return Path.Combine(version, "bin");
        yield return "/usr/local/bin";
        yield return "/usr/local/pgsql/bin";
    }

    private static bool Exists(string user) => File.ReadLines("/etc/passwd").Any(line => line.StartsWith($"{user}:", StringComparison.Ordinal));

    private static string[] As(string user)
    {
        if (OnPath("setpriv"))
            return ["setpriv", $"--reuid={user}", $"--regid={Group(user)}", "--clear-groups", "--"];
        if (OnPath("runuser"))
            return ["runuser", "-u", user, "--"];
        return ["su", user, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"];
    }

    private static string Group(string user) =>
        File.ReadLines("/etc/passwd").First(line => line.StartsWith($"{user}:", StringComparison.Ordinal)).Split(':')[3];

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
