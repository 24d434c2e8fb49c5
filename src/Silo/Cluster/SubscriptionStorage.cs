using Npgsql;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansSync.Silo.Cluster;

/// <summary>
/// Keeps who follows which stream in PostgreSQL, so that subscriptions outlive every silo. A write on ground that has moved is refused.
/// </summary>
internal sealed class SubscriptionStorage(SiloSettings settings, IGrainStorageSerializer serializer) : IGrainStorage, IAsyncDisposable
{
    private readonly NpgsqlDataSource _database = NpgsqlDataSource.Create(ClusterDatabase.Brisk(settings.Postgres!));

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await using var command = Command("select revision, state from stream_subscriptions where service = $1 and stream = $2", grainId);
        await using var row = await command.ExecuteReaderAsync();
        grainState.RecordExists = await row.ReadAsync();
        grainState.ETag = grainState.RecordExists ? row.GetInt64(0).ToString() : null;
        grainState.State = grainState.RecordExists
            ? serializer.Deserialize<T>(new(row.GetFieldValue<byte[]>(1)))
            : Activator.CreateInstance<T>();
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var known = long.Parse(grainState.ETag ?? "0");
        await using var command = known == 0
            ? Command("insert into stream_subscriptions values ($1, $2, $3 + 1, $4) on conflict do nothing", grainId, known)
            : Command("update stream_subscriptions set revision = $3 + 1, state = $4 where service = $1 and stream = $2 and revision = $3", grainId, known);
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = serializer.Serialize(grainState.State).ToArray() });
        await RequireOne(command, grainState.ETag);
        (grainState.RecordExists, grainState.ETag) = (true, (known + 1).ToString());
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is { } tag)
        {
            await using var command = Command("delete from stream_subscriptions where service = $1 and stream = $2 and revision = $3", grainId, long.Parse(tag));
            await RequireOne(command, tag);
        }
        (grainState.RecordExists, grainState.ETag, grainState.State) = (false, null, Activator.CreateInstance<T>());
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private NpgsqlCommand Command(string text, GrainId grain, long? known = null)
    {
        var command = _database.CreateCommand(text);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = settings.ServiceId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = grain.ToString() });
        if (known is { } revision) command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = revision });
        return command;
    }

    private static async Task RequireOne(NpgsqlCommand command, string? tag)
    {
        if (await command.ExecuteNonQueryAsync() == 0)
            throw new InconsistentStateException("Another activation has written the subscriptions since.", "?", tag);
    }
}
