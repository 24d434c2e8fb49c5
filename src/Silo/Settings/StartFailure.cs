using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Npgsql;
using OrleansSync.Grains.Merging;
using OrleansSync.Storage;

namespace OrleansSync.Silo;

/// <summary>What an operator is told when a process cannot start: one line that names the setting and the mend, no stack trace.</summary>
public static class StartFailure
{
    /// <summary>Null for a failure that no setting explains.</summary>
    public static string? LineOf(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
            if ((cause is CustomPolicyException ? cause : WrongSetting(cause)) is { } wrong) return wrong.Message;
        return null;
    }

    private static WrongSettingException? WrongSetting(Exception cause) => cause switch
    {
        WrongSettingException wrong => wrong,
        NpgsqlException => new("ConnectionStrings:Postgres", $"{Line(cause)}; see that the database is there and lets this process in"),
        StoreUnavailableException when cause.InnerException is NpgsqlException => null,
        StoreUnavailableException => new("Data", $"{Line(cause)}; use a directory that this process alone may write"),
        AddressInUseException => new("Urls", "another process listens there already, end it or use another port"),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable or SocketError.AccessDenied } =>
            new("Urls", "this machine does not let the process listen there, use another address or port"),
        InvalidOperationException when cause.Message.Contains("HTTPS endpoint", StringComparison.Ordinal) =>
            new("Urls", "https needs a certificate, set Kestrel:Certificates:Default:Path or use http"),
        _ => null,
    };

    private static string Line(Exception cause) => cause.Message.TrimEnd('.').ReplaceLineEndings(" ");
}
