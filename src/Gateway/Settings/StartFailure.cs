using OrleansSync.Grains.Merging;
using OrleansSync.Storage;

namespace OrleansSync.Gateway.Settings;

/// <summary>What an operator is told when the process cannot start: one line that names the setting and the mend, no stack trace.</summary>
internal static class StartFailure
{
    /// <summary>Null for a failure that no setting explains.</summary>
    public static string? LineOf(Exception failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is WrongSettingException or CustomPolicyException) return cause.Message;
            if (cause is StoreUnavailableException)
                return new WrongSettingException("Data", $"{cause.Message.TrimEnd('.').ReplaceLineEndings(" ")}; use a directory that this process alone may write").Message;
            if (cause is Microsoft.AspNetCore.Connections.AddressInUseException)
                return new WrongSettingException("Urls", "another process listens there already, end it or use another port").Message;
            if (cause is System.Net.Sockets.SocketException { SocketErrorCode: System.Net.Sockets.SocketError.AddressNotAvailable or System.Net.Sockets.SocketError.AccessDenied })
                return new WrongSettingException("Urls", "this machine does not let the process listen there, use another address or port").Message;
            if (cause is InvalidOperationException && cause.Message.Contains("HTTPS endpoint", StringComparison.Ordinal))
                return new WrongSettingException("Urls", "https needs a certificate, set Kestrel:Certificates:Default:Path or use http").Message;
        }
        return null;
    }
}
