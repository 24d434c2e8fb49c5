namespace OrleansSync.Protocol.Tests;

/// <summary>What a collection's settings may say: protocol §5.</summary>
public class StatingSettings
{
    [Fact]
    public void Nothing_stated_gives_the_defaults()
    {
        var settings = Read("""{"unknown":1}""");

        Assert.Equal(Written(CollectionSettings.Default), Written(settings));
        Assert.Equal((null, null, null, null, null), (settings.Schema, settings.Read, settings.Write, settings.Resolve, settings.Owner));
    }

    [Fact]
    public void All_that_is_stated_is_kept_and_written_so_that_it_can_be_sent_back()
    {
        const string text =
            """{"policy":"reject","granularity":"field","fields":{"title":"custom:max","a\\.b.c":"lastWriterWins","note":"manual"},"schema":{"$schema":"x","type":"object","$defs":{"a":{"$ref":"#"}}},"history":{"versions":5,"days":0},"tombstones":{"days":1},"partitions":1,"indexes":["status","owner.team"],"access":{"read":["*"],"write":["authenticated","user:ada"],"resolve":[],"owner":"ownerId"},"conflict":{"claimSeconds":60,"autoResolveHours":72}}""";

        var settings = Read(text.Replace(",", " , "));

        Assert.Equal(text, Written(settings));
        Assert.Equal(text, Written(Read(Written(settings))));
    }

    [Theory]
    [InlineData("""{"access":{"owner":"a"}}""", "\"access\":{\"owner\":\"a\"}")]
    [InlineData("""{"access":{"resolve":["r"]}}""", "\"access\":{\"resolve\":[\"r\"]}")]
    [InlineData("""{"indexes":["a","a"]}""", "\"indexes\":[\"a\"]")]
    [InlineData("""{"granularity":"record","fields":{}}""", "\"granularity\":\"record\"")]
    [InlineData("""{"policy":"manual"}""", "\"policy\":\"manual\"")]
    [InlineData("""{"conflict":{}}""", ",\"conflict\":{\"claimSeconds\":300}}")]
    [InlineData("""{"conflict":{"autoResolveHours":1}}""", ",\"conflict\":{\"claimSeconds\":300,\"autoResolveHours\":1}}")]
    public void What_is_left_out_has_its_default(string text, string part) =>
        Assert.Contains(part, Written(Read(text)));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"policy":"best"}""")]
    [InlineData("""{"policy":7}""")]
    [InlineData("""{"policy":"custom:unknown"}""")]
    [InlineData("""{"policy":"custom:"}""")]
    [InlineData("""{"granularity":"both"}""")]
    [InlineData("""{"granularity":"record","fields":{"a":"reject"}}""")]
    [InlineData("""{"fields":[]}""")]
    [InlineData("""{"fields":{"a..b":"reject"}}""")]
    [InlineData("""{"fields":{"":"reject"}}""")]
    [InlineData("""{"fields":{"a":1}}""")]
    [InlineData("""{"fields":{"a":"best"}}""")]
    [InlineData("""{"fields":{"a":"reject","a":"reject"}}""")]
    [InlineData("""{"schema":"x"}""")]
    [InlineData("""{"schema":{"a":1,"a":2}}""")]
    [InlineData("""{"history":{"versions":-1}}""")]
    [InlineData("""{"history":{"days":1.5}}""")]
    [InlineData("""{"history":{"days":100000000}}""")]
    [InlineData("""{"history":7}""")]
    [InlineData("""{"tombstones":{"days":-1}}""")]
    [InlineData("""{"indexes":"a"}""")]
    [InlineData("""{"indexes":[1]}""")]
    [InlineData("""{"indexes":["a."]}""")]
    [InlineData("""{"indexes":[""]}""")]
    [InlineData("""{"indexes":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]}""")]
    [InlineData("""{"access":{"read":"*"}}""")]
    [InlineData("""{"access":{"read":[1]}}""")]
    [InlineData("""{"access":{"write":[""]}}""")]
    [InlineData("""{"access":{"owner":""}}""")]
    [InlineData("""{"access":{"owner":"a..b"}}""")]
    [InlineData("""{"access":{"owner":["a"]}}""")]
    [InlineData("""{"conflict":{"claimSeconds":0}}""")]
    [InlineData("""{"conflict":{"claimSeconds":86401}}""")]
    [InlineData("""{"conflict":{"claimSeconds":1.5}}""")]
    [InlineData("""{"conflict":{"autoResolveHours":0}}""")]
    [InlineData("""{"conflict":{"autoResolveHours":"x"}}""")]
    [InlineData("""{"conflict":[]}""")]
    [InlineData("""{"policy":"Manual"}""")]
    [InlineData("""{"partitions":0}""")]
    [InlineData("""{"partitions":9}""")]
    public void What_makes_no_sense_is_malformed(string text) =>
        Assert.Equal(Codes.Malformed, Json.Refused(() => Read(text)).Code);

    private static CollectionSettings Read(string text) => SettingsReader.Read(Json.Utf8(text), name => name == "max");

    private static string Written(CollectionSettings settings) => Json.Written(target => SettingsJson.Write(target, settings));
}
