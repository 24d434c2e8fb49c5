namespace OrleansSync.Storage;

/// <summary>
/// The database did not answer: disk full, I/O error, locked for too long, not openable. What was being committed may or may not have
/// happened; nothing of it is half stored. The message names the cause for operators, not for clients.
/// </summary>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>A failed store as other processes hear of it: by its message. Its cause may be of a type that only this process knows.</summary>
[GenerateSerializer, Immutable]
internal readonly record struct StoreUnavailableText([property: Id(0)] string Message);

[RegisterConverter]
internal sealed class StoreUnavailableConverter : IConverter<StoreUnavailableException, StoreUnavailableText>
{
    public StoreUnavailableException ConvertFromSurrogate(in StoreUnavailableText surrogate) => new(surrogate.Message);

    public StoreUnavailableText ConvertToSurrogate(in StoreUnavailableException value) => new(value.Message);
}
