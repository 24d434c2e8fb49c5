using System.Text;
using OrleansSync.Gateway.Access;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Callers;

public sealed class TheFieldThatNamesTheOwner
{
    [Theory]
    [InlineData("""{"ownerId":"ada"}""", "ownerId", true)]
    [InlineData("""{"ownerId":"\u0061da"}""", "ownerId", true)]
    [InlineData("""{"ownerId":"bob"}""", "ownerId", false)]
    [InlineData("""{"ownerId":["ada"]}""", "ownerId", false)]
    [InlineData("""{"ownerId":null}""", "ownerId", false)]
    [InlineData("""{}""", "ownerId", false)]
    [InlineData("""{"x":{"ownerId":"ada"}}""", "ownerId", false)]
    [InlineData("""{"team":{"lead":"ada"}}""", "team.lead", true)]
    [InlineData("""{"team.lead":"ada"}""", "team.lead", false)]
    public void Names_one_user(string data, string path, bool theirs) =>
        Assert.Equal(theirs, OwnerField.Names(Encoding.UTF8.GetBytes(data), path, "ada"));

    [Theory]
    [InlineData("{}", """{"ownerId":"ada"}""", true)]
    [InlineData("{}", """{"ownerId":"bob"}""", false)]
    [InlineData("""{"n":1}""", """{"ownerId":"ada","n":1}""", true)]
    [InlineData("""{"n":1}""", """{"ownerId":"ada","n":2}""", false)]
    [InlineData("""{"n":1}""", """{"ownerId":"bob","n":1}""", false)]
    [InlineData("""{"ownerId":"bob"}""", """{"ownerId":"bob"}""", false)]
    [InlineData("""{"ownerId":"ada"}""", """{"ownerId":"ada"}""", true)]
    [InlineData("""{"ownerId":null}""", """{"ownerId":"ada"}""", false)]
    [InlineData("""{"ownerId":{"eq":{"x":1}}}""", """{"ownerId":"ada"}""", false)]
    [InlineData("""{"ownerId":{"in":["bob"]}}""", """{"ownerId":"ada"}""", false)]
    [InlineData("""{"ownerId":{"in":["bob"]}}""", """{"ownerId":"bob"}""", false)]
    [InlineData("""{"ownerId":{"in":["bob","ada"]}}""", """{"ownerId":"bob"}""", false)]
    [InlineData("""{"ownerId":{"in":["bob","ada"]}}""", """{"ownerId":"ada"}""", true)]
    [InlineData("""{"ownerId":{"ne":"ada"}}""", """{"ownerId":"ada"}""", false)]
    [InlineData("""{"ownerId":{"exists":false}}""", """{}""", false)]
    public void Narrows_a_filter_and_never_widens_it(string filter, string data, bool shown)
    {
        var narrowed = OwnerField.Narrow(Filter.Parse(Encoding.UTF8.GetBytes(filter)), "ownerId", "ada");

        Assert.Equal(shown, narrowed.Matches("t1", Encoding.UTF8.GetBytes(data)));
    }
}
