using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>A grain's store fails, and who asked the grain is another process.</summary>
public sealed class FailingAcrossProcesses
{
    [Fact]
    public void A_store_that_is_unavailable_is_that_to_others_too()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        Exception failure = new StoreUnavailableException("PostgreSQL: away", new NpgsqlException("away"));

        var heard = serializer.Deserialize<Exception>(serializer.SerializeToArray(failure));

        Assert.Equal("PostgreSQL: away", Assert.IsType<StoreUnavailableException>(heard).Message);
    }
}
