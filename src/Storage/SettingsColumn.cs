using System.Text.Json;
using OrleansSync.Protocol;

namespace OrleansSync.Storage;

/// <summary>How a collection's settings are kept: as JSON text of the store's own shape. Settings it does not name have their defaults.</summary>
internal static class SettingsColumn
{
    public static byte[] Write(CollectionSettings settings) => JsonSerializer.SerializeToUtf8Bytes(settings);

    public static CollectionSettings Read(ReadOnlySpan<byte> text) =>
        JsonSerializer.Deserialize<CollectionSettings>(text) ?? CollectionSettings.Default;
}
