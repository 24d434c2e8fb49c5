namespace OrleansSync.Load.Peers;

/// <summary>A server cannot be started on this machine; the message says what to install.</summary>
internal sealed class ContenderMissing(string message) : Exception(message);
