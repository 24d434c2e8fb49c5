using System.Text;
using System.Text.Json;

using CsCheck;

namespace OrleansSync.Protocol.Tests;

/// <summary>The gate that all data passes: protocol §2.</summary>
public class ReadingData
{
    [Theory]
    [InlineData("{}", "{}")]
    [InlineData(" { \"a\" : [ 1 ,\t2 ] ,\r\n\"b\":{ } } ", """{"a":[1,2],"b":{}}""")]
    [InlineData("""{"a":"x  y","b":" "}""", """{"a":"x  y","b":" "}""")]
    [InlineData("""{"a":1.0,"b":1.50e+02,"c":-0,"d":1E-7}""", """{"a":1.0,"b":1.50e+02,"c":-0,"d":1E-7}""")]
    [InlineData("""{"\u0061":"\u00e9\/\n\ud83d\ude00"}""", """{"\u0061":"\u00e9\/\n\ud83d\ude00"}""")]
    [InlineData("""{"__proto__":{"constructor":null}}""", """{"__proto__":{"constructor":null}}""")]
    [InlineData("""{"a$":1,"a":{"b":1},"c":{"b":2}}""", """{"a$":1,"a":{"b":1},"c":{"b":2}}""")]
    [InlineData("""{"é":"日本","x":true,"y":false,"z":null}""", """{"é":"日本","x":true,"y":false,"z":null}""")]
    public void Sound_data_is_kept_as_written_but_for_white_space(string text, string kept) =>
        Assert.Equal(kept, Read(text));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("\"a\"")]
    [InlineData("{")]
    [InlineData("{}}")]
    [InlineData("{} x")]
    [InlineData("{}{}")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,\"a\":1}")]
    [InlineData("{\"a\":1 \"b\":2}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{\"a\":[1,]}")]
    [InlineData("{\"a\":[1}}")]
    [InlineData("{\"a\":tru}")]
    [InlineData("{\"a\":nullx}")]
    [InlineData("{\"a\":NaN}")]
    [InlineData("{\"a\":Infinity}")]
    [InlineData("{\"a\":01}")]
    [InlineData("{\"a\":+1}")]
    [InlineData("{\"a\":.5}")]
    [InlineData("{\"a\":1.}")]
    [InlineData("{\"a\":1e}")]
    [InlineData("{\"a\":-}")]
    [InlineData("{\"a\":0x1}")]
    [InlineData("{\"a\":\"\t\"}")]
    [InlineData("{\"a\":\"\\x\"}")]
    [InlineData("{\"a\":\"\\u12g4\"}")]
    [InlineData("{\"a\":\"\\u123\"}")]
    [InlineData("{\"a\":\"x}")]
    [InlineData("{\"a\":\"\\u")]
    [InlineData("{\"a\":\"\\")]
    [InlineData("{\"a\":\"x\\\"}")]
    [InlineData("{\"a\":1/**/}")]
    [InlineData("\uFEFF{}")]
    public void What_is_no_JSON_object_is_malformed(string text) =>
        Assert.Equal(Codes.Malformed, Refusal(text));

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"x":{"b":1,"c":2,"b":1}}""")]
    [InlineData("""{"x":[{"b":1,"b":1}]}""")]
    [InlineData("""{"":1}""")]
    [InlineData("""{"x":{"":1}}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":"\udc00"}""")]
    [InlineData("""{"a":"\ud800x"}""")]
    [InlineData("""{"a":"\ud800\ud800"}""")]
    [InlineData("""{"a":"\ud800\n"}""")]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"a":"\u0000"}""")]
    [InlineData("""{"a\u0000":1}""")]
    [InlineData("""{"a":1e309}""")]
    [InlineData("""{"a":1e-309}""")]
    [InlineData("""{"a":1e99999999999999999999}""")]
    [InlineData("""{"$a":1}""")]
    [InlineData("""{"\u0024a":1}""")]
    [InlineData("""{"a":[{"$b":1}]}""")]
    [InlineData("""{"a":{"$increment":1}}""")]
    public void What_parsers_disagree_about_is_malformed(string text) =>
        Assert.Equal(Codes.Malformed, Refusal(text));

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC0, 0xAF })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xE2, 0x82 })]
    [InlineData(new byte[] { 0xF5, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 0x00 })]
    public void Invalid_UTF8_is_malformed_in_values_and_in_names(byte[] bytes)
    {
        byte[] inValue = [.. "{\"a\":\""u8, .. bytes, .. "\"}"u8];
        byte[] inName = [.. "{\"a"u8, .. bytes, .. "\":1}"u8];

        Assert.Equal(Codes.Malformed, Json.Refused(() => DataText.Read(inValue, new DataRules())).Code);
        Assert.Equal(Codes.Malformed, Json.Refused(() => DataText.Read(inName, new DataRules())).Code);
    }

    [Fact]
    public void Numbers_may_have_64_digits_and_exponents_up_to_308()
    {
        var digits = new string('7', 64);

        Read($$"""{"a":{{digits}},"b":-0.{{digits[1..]}},"c":1e308,"d":1E-308,"e":{{digits}}e+0000308}""");
        Assert.Equal(Codes.Malformed, Refusal($$"""{"a":{{digits}}0}"""));
        Assert.Equal(Codes.Malformed, Refusal($$"""{"a":0.{{digits}}}"""));
    }

    [Fact]
    public void Thirty_two_levels_are_read_and_one_more_is_too_deep()
    {
        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth - 1)) + "{}" + new string('}', depth - 1);
        static string Arrays(int depth) => "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";

        Assert.Equal(Nested(32), Read(Nested(32)));
        Assert.Equal(Arrays(32), Read(Arrays(32)));
        Assert.Equal(Codes.TooDeep, Refusal(Nested(33)));
        Assert.Equal(Codes.TooDeep, Refusal(Arrays(33)));
        Assert.Equal(Codes.TooDeep, Refusal("{\"a\":" + new string('[', 2_000_000)));
    }

    [Fact]
    public void Size_counts_without_white_space()
    {
        var rules = new DataRules { MaxBytes = 16 };
        var text = "{\"a\":\"12345678\"}";

        Assert.Equal(text, Read(text.Replace(":", "     :    "), rules));
        Assert.Equal(Codes.TooLarge, Json.Refused(() => DataText.Read(Json.Utf8(text.Replace("8", "89")), rules)).Code);
        Assert.Equal(300_000, DataText.Read(Json.Utf8($$"""{"a":"{{new string('x', 300_000 - 8)}}"}"""), rules with { MaxBytes = 0 }).Length);
    }

    [Fact]
    public void Many_names_are_told_apart_and_a_late_double_is_found()
    {
        var members = Enumerable.Range(0, 20_000).Select(i => $"\"name{i}\":{i}").ToList();

        Read("{" + string.Join(",", members) + "}", new DataRules { MaxBytes = 0 });
        members.Add("\"n\\u0061me7\":0");
        Assert.Equal(Codes.Malformed, Refusal("{" + string.Join(",", members) + "}"));
    }

    [Theory]
    [InlineData("""{"n":{"$increment":-1.5}}""")]
    [InlineData("""{"a":{"b":{"$addToSet":["x",{"y":1}]}}}""")]
    [InlineData("""{"a":{"$removeFromSet":[]},"t":{"\u0024serverTime":true}}""")]
    public void A_patch_may_have_field_operations(string text) =>
        Assert.Equal(text, Read(text, new DataRules { AllowOperations = true }));

    [Theory]
    [InlineData("""{"$increment":1}""")]
    [InlineData("""{"n":{"$increment":"1"}}""")]
    [InlineData("""{"n":{"$increment":{}}}""")]
    [InlineData("""{"n":{"$increment":null}}""")]
    [InlineData("""{"n":{"$increment":1,"x":2}}""")]
    [InlineData("""{"n":{"x":2,"$increment":1}}""")]
    [InlineData("""{"n":{"$increment":1,"$increment":1}}""")]
    [InlineData("""{"n":{"$addToSet":1}}""")]
    [InlineData("""{"n":{"$addToSet":[{"$increment":1}]}}""")]
    [InlineData("""{"n":{"$addToSet":[{"a":{"$increment":1}}]}}""")]
    [InlineData("""{"n":[{"$increment":1}]}""")]
    [InlineData("""{"n":[{"a":{"$increment":1}}]}""")]
    [InlineData("""{"t":{"$serverTime":false}}""")]
    [InlineData("""{"t":{"$serverTime":1}}""")]
    [InlineData("""{"n":{"$other":1}}""")]
    [InlineData("""{"n":{"$":1}}""")]
    [InlineData("""{"$n":{"$increment":1}}""")]
    public void An_operation_elsewhere_or_ill_typed_is_malformed(string text) =>
        Assert.Equal(Codes.Malformed, Json.Refused(() => Read(text, new DataRules { AllowOperations = true })).Code);

    [Theory]
    [InlineData("""{"a":1,"b":[1,{"c":2,"d":3}]}""", """{"b":[1,{"d":3,"c":2}],"a":1}""", true)]
    [InlineData("""{"a":"\u0041\/"}""", """{"a":"A/"}""", true)]
    [InlineData("""{"a":1}""", """{"a":1.0}""", false)]
    [InlineData("\"A\"", "\"\\u0041\"", true)]
    [InlineData("\"A\"", "\"B\"", false)]
    [InlineData("""["\u0041",1]""", """["A",1]""", true)]
    [InlineData("""{"a":"1","b":22}""", """{"a":"11","b":2}""", false)]
    [InlineData("[1,2]", "[2,1]", false)]
    [InlineData("null", "null", true)]
    [InlineData("1", "\"1\"", false)]
    public void Values_are_equal_when_their_text_is_but_for_member_order(string a, string b, bool equal) =>
        Assert.Equal(equal, DataText.AreEqual(Json.Utf8(a), Json.Utf8(b)));

    [Fact]
    public void Any_bytes_are_either_refused_or_read_alike_by_the_platform()
    {
        string[] seeds =
        [
            """{"title":"Buy milk","done":false,"n":-12.50e+3,"tags":["a","b",{"c":null}],"é\ud83d\ude00":{"x":{"y":[]}}}""",
            """{"n":{"$increment":1},"s":{"$addToSet":["x"]},"t":{"$serverTime":true}, "deep":[[[[{"a":[0.1]}]]]]}""",
            "{\"a\" : \"\\u0061\\n\\\"\" ,\r\n\t\"b\":[ ] }",
        ];
        var piece = Gen.OneOf(
            Gen.OneOf("\"", "\\", "{", "}", "[", "]", ",", ":", "\\u", "\\ud800", "\\u0000", "e", "1", "-", ".", " ", "$", "null", "\0", "a")
                .Select(Encoding.UTF8.GetBytes),
            Gen.Byte.Select(b => new[] { b }));
        var mutation = Gen.Select(Gen.Int[0, 200], Gen.Int[0, 3], piece);

        Gen.Select(Gen.OneOf(seeds), mutation.List[0, 4], Gen.Bool).Sample((seed, mutations, operations) =>
        {
            var bytes = Json.Utf8(seed).ToList();
            foreach (var (at, removed, inserted) in mutations)
            {
                var start = Math.Min(at, bytes.Count);
                bytes.RemoveRange(start, Math.Min(removed, bytes.Count - start));
                bytes.InsertRange(start, inserted);
            }
            CheckAgainstPlatform([.. bytes], operations);
        }, iter: 20_000);
    }

    private static void CheckAgainstPlatform(byte[] bytes, bool operations)
    {
        byte[] kept;
        try
        {
            kept = DataText.Read(bytes, new DataRules { AllowOperations = operations });
        }
        catch (RefusedException)
        {
            return;
        }
        using var asGiven = JsonDocument.Parse(bytes, new() { AllowDuplicateProperties = false, MaxDepth = 32 });
        using var asKept = JsonDocument.Parse(kept);
        Assert.True(JsonElement.DeepEquals(asGiven.RootElement, asKept.RootElement));
        Assert.Equal(kept, DataText.Read(kept, new DataRules { AllowOperations = operations }));
    }

    private static string Read(string text) => Read(text, new DataRules());

    private static string Read(string text, DataRules rules) => Json.Text(DataText.Read(Json.Utf8(text), rules));

    private static string Refusal(string text) => Json.Refused(() => Read(text)).Code;
}
