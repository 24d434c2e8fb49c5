using System.Buffers;

namespace OrleansSync.Protocol;

/// <summary>Collections as JSON: <c>{"name","settings":{…},"counts":{"records","tombstones","conflicts"}}</c>.</summary>
public static class CollectionJson
{
    public static void Write(IBufferWriter<byte> target, Collection collection)
    {
        var json = new JsonOut(target);
        Write(ref json, collection);
        json.End();
    }

    /// <summary>Writes <c>{"collections":[…]}</c>.</summary>
    public static void WriteAll(IBufferWriter<byte> target, IReadOnlyList<Collection> collections)
    {
        var json = new JsonOut(target);
        json.Raw("{\"collections\":["u8);
        for (var i = 0; i < collections.Count; i++)
        {
            if (i > 0)
                json.Raw(',');
            Write(ref json, collections[i]);
        }
        json.Raw("]}"u8);
        json.End();
    }

    private static void Write(ref JsonOut json, Collection collection)
    {
        json.Raw("{\"name\":"u8);
        json.String(collection.Name);
        json.Raw(",\"settings\":"u8);
        SettingsJson.Write(ref json, collection.Settings);
        json.Raw(",\"counts\":{\"records\":"u8);
        json.Number(collection.Counts.Records);
        json.Raw(",\"tombstones\":"u8);
        json.Number(collection.Counts.Tombstones);
        json.Raw(",\"conflicts\":"u8);
        json.Number(collection.Counts.Conflicts);
        json.Raw("}}"u8);
    }
}
