using System.Text.Json.Nodes;

namespace OrleansSync.TimeZones;

/// <summary>A rule of a time zone: from when to when which offset held.</summary>
internal sealed record ZoneRule(string Id, JsonObject Data);

/// <summary>The time-zone table that ships with the operating system: real data of some thousand records.</summary>
internal static class ZoneRules
{
    public static IEnumerable<ZoneRule> All() =>
        from zone in TimeZoneInfo.GetSystemTimeZones()
        from rule in zone.GetAdjustmentRules().Select((rule, number) => (Rule: rule, Number: number))
        select new ZoneRule($"{zone.Id.Replace('/', ':').Replace('+', '_')}~{rule.Number}", Data(zone, rule.Rule));

    private static JsonObject Data(TimeZoneInfo zone, TimeZoneInfo.AdjustmentRule rule) => new()
    {
        ["zone"] = zone.Id,
        ["name"] = zone.StandardName,
        ["baseOffset"] = (zone.BaseUtcOffset + rule.BaseUtcOffsetDelta).TotalMinutes,
        ["from"] = rule.DateStart.ToString("yyyy-MM-dd"),
        ["to"] = rule.DateEnd.ToString("yyyy-MM-dd"),
        ["daylight"] = new JsonObject { ["minutes"] = rule.DaylightDelta.TotalMinutes, ["observed"] = rule.DaylightDelta != TimeSpan.Zero },
    };
}
