using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>Values keep the text they were sent with (§2), also where only their neighbours change.</summary>
public sealed class ExactText
{
    private const string Data =
        """{"n":1.10e2,"big":12345678901234567890.0987654321,"s":"\u00e9 \ud83d\ude00 \/","__proto__":{"-0":-0},"e":[],"o":{},"\u00fc \"q\"":null}""";

    [Fact]
    public void A_put_is_kept_byte_for_byte() => Assert.Equal(Data, new OneRecord().After(Edits.Put(Data)).Data);

    [Fact]
    public void Numbers_keep_their_text_when_a_neighbour_is_patched()
    {
        var record = new OneRecord().After(Edits.Put(Data)).Reload().After(Edits.Patch("""{"o":{"x":1}}""")).Reload();

        Assert.Contains("1.10e2", record.Data, StringComparison.Ordinal);
        Assert.Contains("12345678901234567890.0987654321", record.Data, StringComparison.Ordinal);
        Assert.Contains("-0", record.Data, StringComparison.Ordinal);
        Assert.True(DataText.AreEqual(Edits.Bytes(Data.Replace("{},", """{"x":1},""", StringComparison.Ordinal)), record.State!.Data));
    }

    [Fact]
    public void Names_are_the_same_however_they_are_escaped()
    {
        var record = new OneRecord().After(Edits.Put("""{"\u00fc":1}"""), Edits.Patch("""{"ü":2,"\u0061":1}"""), Edits.Patch("""{"a":null}"""));

        Assert.True(DataText.AreEqual("""{"ü":2}"""u8, record.State!.Data));
    }

    [Fact]
    public void A_patch_as_deep_as_data_may_be_is_merged()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 31)) + "{}" + new string('}', 31);
        var record = new OneRecord().After(Edits.Put("{}"), Edits.Patch(deep)).Reload();

        Assert.Equal(deep, record.Data);
    }
}
