using OrleansSync.Gateway.Access;

namespace OrleansSync.Gateway.Tests.Callers;

public sealed class Origins
{
    [Theory]
    [InlineData("https://app.example.com", true)]
    [InlineData("https://APP.example.com", true)]
    [InlineData("https://app.example.com:444", false)]
    [InlineData("http://app.example.com", false)]
    [InlineData("http://localhost:5173", false)]
    [InlineData(null, true)]
    public void Only_those_on_the_list_where_there_is_one(string? origin, bool allowed) =>
        Assert.Equal(allowed, new OriginRules(new() { Origins = ["https://app.example.com"] }).Allows(origin));

    [Fact]
    public void A_star_is_everybody() => Assert.True(new OriginRules(new() { Origins = ["*"] }).Allows("https://anywhere.example"));
}
