using System.Buffers;
using System.Text;

namespace OrleansSync.Protocol;

/// <summary>Settings as JSON, complete (protocol §5), so that what is read can be changed and sent back; of access only what is set.</summary>
public static class SettingsJson
{
    public static void Write(IBufferWriter<byte> target, CollectionSettings settings)
    {
        var json = new JsonOut(target);
        Write(ref json, settings);
        json.End();
    }

    internal static void Write(ref JsonOut json, CollectionSettings settings)
    {
        json.Raw("{\"policy\":"u8);
        json.String(settings.Policy);
        json.Raw(settings.Granularity == Granularity.Record ? ",\"granularity\":\"record\""u8 : ",\"granularity\":\"field\""u8);
        WriteFields(ref json, settings.Fields);
        if (settings.Schema is not null)
        {
            json.Raw(",\"schema\":"u8);
            json.Raw(Encoding.UTF8.GetBytes(settings.Schema));
        }
        WriteRetention(ref json, settings);
        json.Raw(",\"partitions\":"u8);
        json.Number(settings.Partitions);
        json.Raw(",\"indexes\":"u8);
        WriteStrings(ref json, settings.Indexes);
        WriteAccess(ref json, settings);
        json.Raw(",\"conflict\":{\"claimSeconds\":"u8);
        json.Number(settings.ClaimSeconds);
        if (settings.AutoResolveHours is { } hours)
        {
            json.Raw(",\"autoResolveHours\":"u8);
            json.Number(hours);
        }
        json.Raw("}}"u8);
    }

    private static void WriteFields(ref JsonOut json, IReadOnlyDictionary<string, string> fields)
    {
        json.Raw(",\"fields\":{"u8);
        var first = true;
        foreach (var (path, policy) in fields)
        {
            if (!first)
                json.Raw(',');
            json.String(path);
            json.Raw(':');
            json.String(policy);
            first = false;
        }
        json.Raw('}');
    }

    private static void WriteRetention(ref JsonOut json, CollectionSettings settings)
    {
        json.Raw(",\"history\":{\"versions\":"u8);
        json.Number(settings.HistoryVersions);
        json.Raw(",\"days\":"u8);
        json.Number(settings.HistoryDays);
        json.Raw("},\"tombstones\":{\"days\":"u8);
        json.Number(settings.TombstoneDays);
        json.Raw('}');
    }

    private static void WriteAccess(ref JsonOut json, CollectionSettings settings)
    {
        json.Raw(",\"access\":{"u8);
        var first = true;
        WriteList(ref json, "\"read\":"u8, settings.Read, ref first);
        WriteList(ref json, "\"write\":"u8, settings.Write, ref first);
        WriteList(ref json, "\"resolve\":"u8, settings.Resolve, ref first);
        json.Member(first ? "\"owner\":"u8 : ",\"owner\":"u8, settings.Owner);
        json.Raw('}');
    }

    private static void WriteList(ref JsonOut json, ReadOnlySpan<byte> name, IReadOnlyList<string>? list, ref bool first)
    {
        if (list is null)
            return;
        if (!first)
            json.Raw(',');
        json.Raw(name);
        WriteStrings(ref json, list);
        first = false;
    }

    private static void WriteStrings(ref JsonOut json, IReadOnlyList<string> strings)
    {
        json.Raw('[');
        for (var i = 0; i < strings.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            json.String(strings[i]);
        }
        json.Raw(']');
    }
}
