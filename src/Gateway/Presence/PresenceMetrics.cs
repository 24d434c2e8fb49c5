using System.Diagnostics.Metrics;

namespace OrleansSync.Gateway.Presence;

/// <summary>What operators see of presence. Nothing here is counted per frame.</summary>
internal static class PresenceMetrics
{
    private static readonly Meter Meter = new("OrleansSync.Presence");

    public static readonly UpDownCounter<int> Announcements =
        Meter.CreateUpDownCounter<int>("orleanssync.presence.announcements", "{announcement}", "What connections of this gateway announce.");

    public static readonly UpDownCounter<int> Watches =
        Meter.CreateUpDownCounter<int>("orleanssync.presence.watches", "{watch}", "Open watches of this gateway's connections.");
}
