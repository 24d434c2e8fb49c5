using System.Diagnostics;

namespace OrleansSync.EndToEnd;

/// <summary>The sample, run as its readers run it: a real data set, two techniques, edits from both sides, one end.</summary>
public sealed class FollowingRealData
{
    [Fact]
    public async Task Two_clients_of_different_techniques_end_equal_after_editing_a_real_table()
    {
        await using var server = await GatewayProcess.Started();

        using var sample = Process.Start(new ProcessStartInfo("dotnet", [BuiltBeside.Sample("TimeZones"), server.Address.ToString()]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = sample.StandardError.ReadToEndAsync();
        var said = await sample.StandardOutput.ReadToEndAsync();
        await sample.WaitForExitAsync();

        Assert.True(sample.ExitCode == 0, said + await errors);
        Assert.Contains("both hold exactly the server's", said);
    }
}
