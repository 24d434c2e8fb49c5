namespace OrleansSync.Gateway.Tests.Http;

public sealed class CollectionsThatMustExistFirst(CollectionsThatMustExistFirst.StrictGateway gateway)
    : IClassFixture<CollectionsThatMustExistFirst.StrictGateway>
{
    private readonly string _collection = $"/v1/collections/{RunningGateway.NewCollection()}";

    [Fact]
    public async Task Nothing_is_read_or_written_in_an_unknown_one()
    {
        foreach (var reply in new[]
        {
            await gateway.Put(_collection + "/records/t1", "{}"),
            await gateway.Post(_collection + "/records", "{}"),
            await gateway.Get(_collection + "/records/t1"),
            await gateway.Get(_collection + "/records"),
            await gateway.Get(_collection + "/records/t1/history"),
            await gateway.Get(_collection + "/changes"),
            await gateway.Get(_collection + "/conflicts"),
            await gateway.Get(_collection + "/records/t1/conflict"),
            await gateway.Post(_collection + "/records/t1/conflict/claim", "{}"),
            await gateway.Post(_collection + "/records/t1/conflict/release", "{}"),
            await gateway.Post(_collection + "/records/t1/conflict/resolution", """{"choices":{},"expect":1}"""),
            await gateway.Get(_collection),
        })
        {
            Assert.Equal((404, "unknown-collection"), (reply.Status, reply.Code));
        }
    }

    [Fact]
    public async Task A_put_of_its_settings_opens_it_at_once()
    {
        await gateway.Get(_collection + "/records");

        await gateway.Put(_collection, "{}");

        Assert.Equal(200, (await gateway.Get(_collection + "/records")).Status);
        Assert.Equal(201, (await gateway.Put(_collection + "/records/t1", "{}")).Status);
    }

    [Fact]
    public async Task Limits_are_those_that_were_set()
    {
        await gateway.Put(_collection, "{}");

        Assert.Equal(413, (await gateway.Put(_collection + "/records/t1", """{"a":"12345678901234567890"}""")).Status);
        Assert.Equal(400, (await gateway.Get(_collection + "/records?limit=6")).Status);
        Assert.Equal(413, (await gateway.Post("/v1/writes", """{"writes":[1,2,3]}""")).Status);
    }

    public sealed class StrictGateway : RunningGateway
    {
        protected override string[] Settings =>
            ["--Collections:CreateOnWrite", "false", "--Limits:DataBytes", "20", "--Limits:Changes", "5", "--Limits:Writes", "2"];
    }
}
