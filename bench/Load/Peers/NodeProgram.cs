using System.ComponentModel;
using System.Diagnostics;

namespace OrleansSync.Load.Peers;

/// <summary>A peer that is a program for Node.js: <c>bench/Peers/NAME</c>, whose packages are installed on first use, as its lock file says.</summary>
internal static class NodeProgram
{
    public static async Task<PeerProcess> Start(string name, params object[] arguments)
    {
        var folder = Folder(name);
        await Install(folder);
        return await PeerProcess.Start("node", ["server.js", .. arguments.Select(argument => argument.ToString()!)], folder);
    }

    private static async Task Install(string folder)
    {
        // Written by npm when it is done; older than the lock file = of other versions.
        var done = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        if (done.Exists && done.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"))) return;
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", "ci --no-audit --no-fund --loglevel error") { WorkingDirectory = folder })!;
            await npm.WaitForExitAsync();
            if (npm.ExitCode != 0) throw new ContenderMissing($"npm ci failed in {folder}: see above; it needs the npm registry once.");
        }
        catch (Win32Exception)
        {
            throw new ContenderMissing("Node.js is missing: install node and npm, version 20 or later.");
        }
    }

    private static string Folder(string name) =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../Peers", name));
}
