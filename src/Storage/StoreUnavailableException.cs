namespace OrleansSync.Storage;

/// <summary>
/// The database did not answer: disk full, I/O error, locked for too long, not openable. What was being committed may or may not have
/// happened; nothing of it is half stored. The message names the cause for operators, not for clients.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
