using System.ComponentModel;
using System.Diagnostics;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>A test that needs a network of its own, and says why where it cannot have one.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    public override string? Skip => base.Skip ?? IpCommand.WhyNot;
}

/// <summary>The command that makes networks.</summary>
internal static class IpCommand
{
    private static readonly Lazy<string?> s_whyNot = new(Probe);

    /// <summary>Null where networks can be made; else a sentence.</summary>
    public static string? WhyNot => s_whyNot.Value;

    /// <summary>Answers what it said; throws where it failed.</summary>
    public static async Task<string> Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await said : throw new InvalidOperationException($"ip {string.Join(' ', arguments)} failed: {await complained}");
    }

    public static async Task<bool> Try(params string[] arguments)
    {
        try
        {
            await Run(arguments);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Probe()
    {
        if (!Environment.IsPrivilegedProcess) return "Network namespaces can only be made by root.";
        try
        {
            using var process = Start("-n", "none-such", "link");
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            return "The command 'ip' is missing (Debian: 'apt-get install iproute2').";
        }
        var name = $"orleanssync-{Environment.ProcessId}-0-probe";
        foreach (var what in (string[])["add", "del"])
        {
            using var process = Start("netns", what, name);
            var complained = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0) return $"This machine does not let us make network namespaces: {complained.Trim()}";
        }
        return null;
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
