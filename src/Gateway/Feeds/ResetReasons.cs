namespace OrleansSync.Gateway.Feeds;

/// <summary>Why a reader must start again (protocol §8).</summary>
internal static class ResetReasons
{
    public const string Retention = "retention";
    public const string UnknownCursor = "unknown-cursor";
    public const string Settings = "settings";
    public const string Access = "access";
}
