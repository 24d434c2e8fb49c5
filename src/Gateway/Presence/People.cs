using System.Buffers;
using OrleansSync.Grains.Presence;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Presence;

/// <summary>Somebody who is there, as watchers see them.</summary>
/// <param name="Remembered">Of a life that is over: believed for a moment, until whoever announced it has said it again.</param>
internal readonly record struct Person(AnnouncementKey Key, Announcement What, Timestamp Until, bool Remembered);

/// <summary>
/// Everybody who is there at a moment, as watchers get it. Immutable; the same bytes serve everybody. Each form is encoded when it is
/// first asked for, once.
/// </summary>
internal sealed class People
{
    private byte[]? _messagePack;

    private People(ReadOnlyMemory<byte> json) => Json = json;

    /// <summary><c>{"people":[…]}</c>, minified.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>The same as one SignalR MessagePack value, encoded by the first who asks.</summary>
    public ReadOnlyMemory<byte> MessagePack(Func<People, byte[]> encode) => _messagePack ??= encode(this);

    /// <summary>Encodes them in an order that does not depend on when they came: by author, client, record.</summary>
    public static People Of(Person[] there)
    {
        Array.Sort(there, Compare);
        var target = new ArrayBufferWriter<byte>();
        var json = new JsonOut(target);
        json.Raw("{\"people\":["u8);
        for (var i = 0; i < there.Length; i++)
        {
            if (i > 0) json.Raw(',');
            Write(ref json, there[i]);
        }
        json.Raw("]}"u8);
        json.End();
        return new(target.WrittenMemory);
    }

    private static int Compare(Person a, Person b)
    {
        var order = string.CompareOrdinal(a.What.Author, b.What.Author);
        if (order == 0) order = string.CompareOrdinal(a.What.Client, b.What.Client);
        if (order == 0) order = string.CompareOrdinal(a.Key.Record, b.Key.Record);
        if (order == 0) order = string.CompareOrdinal(a.Key.Gateway, b.Key.Gateway);
        return order != 0 ? order : a.Key.Connection.CompareTo(b.Key.Connection);
    }

    private static void Write(ref JsonOut json, in Person person)
    {
        json.Raw("{\"author\":"u8);
        json.String(person.What.Author);
        json.Member(",\"client\":"u8, person.What.Client);
        json.Raw(",\"record\":"u8);
        json.String(person.Key.Record);
        if (person.What.Fields is { } fields)
        {
            json.Raw(",\"fields\":["u8);
            for (var i = 0; i < fields.Count; i++)
            {
                if (i > 0) json.Raw(',');
                json.String(fields[i]);
            }
            json.Raw(']');
        }
        if (person.What.State is { } state)
        {
            json.Raw(",\"state\":"u8);
            json.Raw(state);
        }
        json.Raw(",\"until\":"u8);
        json.Instant(person.Until);
        json.Raw('}');
    }
}
