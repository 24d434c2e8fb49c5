namespace OrleansSync.Protocol.Tests;

/// <summary>Filters: protocol §3.</summary>
public class FilteringRecords
{
    private const string Data =
        """{"title":"Milk","done":false,"priority":3.0,"owner":{"team":"b\u0061","tags":["x",1]},"note":null,"a.b":1,"__proto__":{"x":1}}""";

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"done":false}""")]
    [InlineData("""{"priority":3}""")]
    [InlineData("""{"priority":{"gte":3,"lte":3.00,"lt":3.0001,"gt":29e-1}}""")]
    [InlineData("""{"priority":{"in":["3",30e-1]}}""")]
    [InlineData("""{"priority":{"ne":"3"}}""")]
    [InlineData("""{"title":{"gt":"Mil","lt":"N"}}""")]
    [InlineData("""{"title":{"ne":5}}""")]
    [InlineData("""{"owner.team":"ba"}""")]
    [InlineData("""{"owner.team":{"in":["a","ba"]}}""")]
    [InlineData("""{"owner.tags":["x",1]}""")]
    [InlineData("""{"owner":{"eq":{"tags":["x",1],"team":"ba"}}}""")]
    [InlineData("""{"owner":{"ne":{"tags":["x",1.0],"team":"ba"}}}""")]
    [InlineData("""{"owner.tags":{"in":[1,["x",1]]}}""")]
    [InlineData("""{"note":null}""")]
    [InlineData("""{"note":{"exists":true}}""")]
    [InlineData("""{"gone":{"exists":false}}""")]
    [InlineData("""{"gone":{"ne":1}}""")]
    [InlineData("""{"owner.gone.deeper":{"exists":false}}""")]
    [InlineData("""{"title.x":{"exists":false}}""")]
    [InlineData("""{"a\\.b":1}""")]
    [InlineData("""{"__proto__.x":1}""")]
    [InlineData("""{"$id":"t1"}""")]
    [InlineData("""{"$id":{"in":["t0","t1"],"gte":"t"},"done":false}""")]
    [InlineData("""{"$id":{"exists":true,"ne":1}}""")]
    public void A_record_meets_what_holds_of_it(string filter) =>
        Assert.True(Matches(filter, Data));

    [Theory]
    [InlineData("""{"done":true}""")]
    [InlineData("""{"done":0}""")]
    [InlineData("""{"done":{"ne":false}}""")]
    [InlineData("""{"priority":"3"}""")]
    [InlineData("""{"priority":{"gt":3}}""")]
    [InlineData("""{"priority":{"lt":"9"}}""")]
    [InlineData("""{"priority":{"in":[]}}""")]
    [InlineData("""{"priority":{"gte":3,"lt":3}}""")]
    [InlineData("""{"title":{"gt":1}}""")]
    [InlineData("""{"title":"milk"}""")]
    [InlineData("""{"owner":{"eq":{"tags":["x",1.0],"team":"ba"}}}""")]
    [InlineData("""{"owner.tags":[1,"x"]}""")]
    [InlineData("""{"owner.tags":"x"}""")]
    [InlineData("""{"note":{"exists":false}}""")]
    [InlineData("""{"note":{"ne":null}}""")]
    [InlineData("""{"gone":null}""")]
    [InlineData("""{"gone":{"exists":true}}""")]
    [InlineData("""{"gone":{"lt":1}}""")]
    [InlineData("""{"gone":{"in":[null]}}""")]
    [InlineData("""{"a.b":1}""")]
    [InlineData("""{"done":false,"gone":1}""")]
    [InlineData("""{"$id":"t2"}""")]
    [InlineData("""{"$id":{"exists":false}}""")]
    [InlineData("""{"$id":1}""")]
    public void A_record_does_not_meet_what_does_not_hold_of_it(string filter) =>
        Assert.False(Matches(filter, Data));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("""{"a":{}}""")]
    [InlineData("""{"a":{"like":"x"}}""")]
    [InlineData("""{"a":{"gt":null}}""")]
    [InlineData("""{"a":{"lte":[1]}}""")]
    [InlineData("""{"a":{"gt":true}}""")]
    [InlineData("""{"a":{"in":"x"}}""")]
    [InlineData("""{"a":{"in":null}}""")]
    [InlineData("""{"a":{"exists":1}}""")]
    [InlineData("""{"a":{"exists":null}}""")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"a":{"eq":1,"eq":1}}""")]
    [InlineData("""{"$version":1}""")]
    [InlineData("""{"a":{"$gt":1}}""")]
    [InlineData("""{"a":{"$id":1}}""")]
    [InlineData("""{"a..b":1}""")]
    [InlineData("""{"a.$id":1}""")]
    [InlineData("""{"":1}""")]
    [InlineData("""{"a":1e999}""")]
    [InlineData("""{"a":"\ud800"}""")]
    public void What_is_no_filter_is_malformed(string filter) =>
        Assert.Equal(Codes.Malformed, Json.Refused(() => Filter.Parse(Json.Utf8(filter))).Code);

    [Fact]
    public void Sixty_four_conditions_and_16_KiB_are_the_limits()
    {
        static string Conditions(int count) => "{" + string.Join(",", Enumerable.Range(0, count).Select(i => $"\"f{i}\":{{\"ne\":1}}")) + "}";

        Assert.True(Filter.Parse(Json.Utf8(Conditions(64))).Matches("t", "{\"f63\":2}"u8));
        Assert.False(Filter.Parse(Json.Utf8(Conditions(64))).Matches("t", "{\"f63\":1}"u8));
        Assert.Equal(Codes.Malformed, Json.Refused(() => Filter.Parse(Json.Utf8(Conditions(65)))).Code);
        Assert.Equal(Codes.Malformed, Json.Refused(() => Filter.Parse(Json.Utf8($$"""{"a":"{{new string('x', 16_384)}}"}"""))).Code);
    }

    [Theory]
    [InlineData("""{ "b": 1, "a": {"gt": 2} }""", """{"a":{"gt":2.0},"b":{"eq":1.00}}""")]
    [InlineData("""{"a":{"lt":9,"gt":2}}""", """{"a":{"gt":2,"lt":9}}""")]
    [InlineData("""{"a":{"in":[3,1,1.0]}}""", """{"a":{"in":[1,3]}}""")]
    [InlineData("""{"a":{"eq":{"x":1,"y":2}}}""", """{"a":{"eq":{"y":2,"x":1}}}""")]
    [InlineData("""{"a":"\u00e9\/"}""", """{"a":"é/"}""")]
    public void Equal_filters_have_one_text(string a, string b) =>
        Assert.Equal(Filter.Parse(Json.Utf8(a)).Text, Filter.Parse(Json.Utf8(b)).Text);

    [Theory]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("""{"a":[1]}""", """{"a":[1.0]}""")]
    [InlineData("""{"a":{"gt":1}}""", """{"a":{"gte":1}}""")]
    [InlineData("""{"a.b":1}""", """{"a\\.b":1}""")]
    public void Different_filters_have_different_texts(string a, string b) =>
        Assert.NotEqual(Filter.Parse(Json.Utf8(a)).Text, Filter.Parse(Json.Utf8(b)).Text);

    [Fact]
    public void The_text_is_a_filter_again()
    {
        var text = Filter.Parse("""{"$id":{"ne":"x"},"k":{"eq":{"b":1,"a":[2]}},"p":{"gte":3.50,"in":[1000,0.001]},"t":"\b"}"""u8).Text;

        Assert.Equal("""{"$id":{"ne":"x"},"k":{"eq":{"a":[2],"b":1}},"p":{"gte":3.5,"in":[1e-3,1e3]},"t":"\b"}""", text);
        Assert.Equal(text, Filter.Parse(Json.Utf8(text)).Text);
    }

    [Fact]
    public void Conditions_are_there_for_planners()
    {
        var conditions = Filter.Parse("""{"a.b":{"in":[1,"x"]},"$id":"t"}"""u8).Conditions;

        Assert.Null(conditions[0].Path);
        Assert.Equal(FilterOperator.Eq, conditions[0].Operator);
        Assert.Equal("a.b", conditions[1].Path!.ToString());
        Assert.Equal([SortKey.OfString("x"), SortKey.Of("1"u8)], conditions[1].Keys);
    }

    [Fact]
    public void Asking_of_a_record_allocates_nothing()
    {
        var filter = Filter.Parse("""{"$id":{"ne":"x"},"done":false,"priority":{"gte":3},"owner.team":{"in":["a","ba"]},"gone":{"exists":false}}"""u8);
        var data = Json.Utf8(Data);
        filter.Matches("t1", data);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var matches = filter.Matches("t1", data);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(matches);
        Assert.Equal(0, allocated);
    }

    [Theory]
    [InlineData(null, "id", false, null)]
    [InlineData("", "id", false, null)]
    [InlineData("-id", "id", true, null)]
    [InlineData("timestamp", "timestamp", false, null)]
    [InlineData("-version", "version", true, null)]
    [InlineData("owner.team", "owner.team", false, "owner.team")]
    [InlineData(@"-a\.b", @"a\.b", true, @"a\.b")]
    [InlineData("--x", "-x", true, "-x")]
    public void An_order_is_a_field_or_one_of_three_words(string? text, string by, bool descending, string? path)
    {
        var order = RecordOrder.Parse(text);

        Assert.Equal((by, descending, path), (order.By, order.Descending, order.Path?.ToString()));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("a..b")]
    [InlineData("$id")]
    public void What_is_no_order_is_malformed(string text) =>
        Assert.Equal(Codes.Malformed, Json.Refused(() => RecordOrder.Parse(text)).Code);

    private static bool Matches(string filter, string data) => Filter.Parse(Json.Utf8(filter)).Matches("t1", Json.Utf8(data));
}
