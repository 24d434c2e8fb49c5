using System.Buffers;
using System.Text;
using MessagePack;
using OrleansSync.Gateway.SignalR;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.SignalR;

public class TranscodingMessagePack
{
    public static TheoryData<string, string> Written => new()
    {
        // What leaves as JSON, and the same in MessagePack, shown as JSON: what users chose is a string of JSON text.
        { """{"results":[]}""", """{"results":[]}""" },
        {
            """{"record":{"id":"a","version":7,"timestamp":"2026-11-24T05:35:12.1234567Z","data":{"n":1.0,"x":[null]}}}""",
            """{"record":{"id":"a","version":7,"timestamp":"2026-11-24T05:35:12.1234567Z","data":"{\"n\":1.0,\"x\":[null]}"}}"""
        },
        { """{"record":{"deleted":true,"author":"ä\"\n\u20AC"}}""", """{"record":{"deleted":true,"author":"ä\"\n€"}}""" },
        {
            """{"fields":[{"path":"a","kept":"both","rule":"operation","why":"w"}]}""",
            """{"fields":[{"path":"a","kept":"both","rule":"operation","why":"w"}]}"""
        },
        {
            """{"conflict":{"revision":2,"fields":{"data":{"base":"Milk","current":{"a":1}},"note":{"current":3}},"candidates":[{"id":1,"base":5,"values":{"data":[1],"fields":{"x":2}},"removed":["b"]}]}}""",
            """{"conflict":{"revision":2,"fields":{"data":{"base":"\"Milk\"","current":"{\"a\":1}"},"note":{"current":"3"}},"candidates":[{"id":1,"base":5,"values":{"data":"[1]","fields":"{\"x\":2}"},"removed":["b"]}]}}"""
        },
        { """{"a":null,"b":-1.5,"c":18014398509481984}""", """{"a":null,"b":-1.5,"c":18014398509481984}""" },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public void What_leaves_has_the_same_names_and_users_values_as_text(string json, string expected)
    {
        var bytes = MessagePackText.Encode(Encoding.UTF8.GetBytes(json));

        Assert.Equal(expected, MessagePackSerializer.ConvertToJson(bytes));
    }

    public static TheoryData<string, string> Read => new()
    {
        { """{"collection":"todos","since":"now","limit":7}""", """{"collection":"todos","since":"now","limit":7}""" },
        { """{"collection":"todos","filter":"{\"done\":false}"}""", """{"collection":"todos","filter":{"done":false}}""" },
        {
            """{"writes":[{"record":"a","base":7,"data":"{\"n\":1.0}"},{"record":"b","data":null}]}""",
            """{"writes":[{"record":"a","base":7,"data":{"n":1.0}},{"record":"b","data":null}]}"""
        },
        { """{"choices":{"data":{"take":"current"},"title":{"value":"[1]"}}}""", """{"choices":{"data":{"take":"current"},"title":{"value":[1]}}}""" },
        { """{"choices":{"a":{"value":"null"},"value":{"value":"{\"take\":1}"}}}""", """{"choices":{"a":{"value":null},"value":{"value":{"take":1}}}}""" },
        { """{"fields":["data","title"],"state":"{}","seconds":30}""", """{"fields":["data","title"],"state":{},"seconds":30}""" },
        { """{"a":"quote \" and \u0001","b":1.5,"c":true,"d":[]}""", """{"a":"quote \" and \u0001","b":1.5,"c":true,"d":[]}""" },
        { """{"writes":[{"data":"{} , \"op\":\"delete\""},{"data":"no"}]}""", """{"writes":[{"data":"not JSON"},{"data":"not JSON"}]}""" },
    };

    [Theory]
    [MemberData(nameof(Read))]
    public void What_comes_in_becomes_the_frame_a_socket_would_have_sent(string packed, string expected) =>
        Assert.Equal(expected, Decode(MessagePackSerializer.ConvertFromJson(packed)));

    [Theory]
    [InlineData("""{"filter":"{"}""")]
    [InlineData("""{"filter":{"done":true}}""")]
    [InlineData("""{"state":"{}{}"}""")]
    [InlineData("""{"choices":{"a":{"value":"1,2"}}}""")]
    [InlineData("""{"writes":[{"data":{"n":1}}]}""")]
    [InlineData("""[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]""")]
    public void What_cannot_be_meant_is_refused(string packed) =>
        Assert.Throws<RefusedException>(() => Decode(MessagePackSerializer.ConvertFromJson(packed)));

    [Fact]
    public void Binary_and_numbers_without_JSON_are_refused()
    {
        Assert.Throws<RefusedException>(() => Decode(MessagePackSerializer.Serialize(new byte[] { 1 })));
        Assert.Throws<RefusedException>(() => Decode(MessagePackSerializer.Serialize(double.NaN)));
        Assert.Throws<RefusedException>(() => Decode(MessagePackSerializer.Serialize(ulong.MaxValue)));
    }

    private static string Decode(byte[] packed)
    {
        var reader = new MessagePackReader(new ReadOnlySequence<byte>(packed));
        return Encoding.UTF8.GetString(MessagePackText.Decode(ref reader));
    }
}
