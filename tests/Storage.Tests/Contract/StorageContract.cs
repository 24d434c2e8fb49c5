using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Time.Testing;
using OrleansSync.Protocol;

namespace OrleansSync.Storage.Tests.Contract;

/// <summary>
/// What every store promises, whatever database is behind it. A store's tests derive from it and say how its database is opened;
/// the promises are in the other parts of this class, by situation.
/// </summary>
public abstract partial class StorageContract : IAsyncLifetime
{
    private readonly List<ISyncStore> _opened = [];

    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 11, 24, 5, 35, 12, TimeSpan.Zero));

    protected ISyncStore Store { get; private set; } = null!;

    private Timestamp Now => Timestamp.Now(Clock);

    /// <summary>A store on the database of this test, not opened yet; each call stands for a process of its own.</summary>
    protected abstract ISyncStore Create(TimeProvider clock);

    public async Task InitializeAsync() => Store = await OpenAnother();

    public virtual async Task DisposeAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
    }

    protected async Task<ISyncStore> OpenAnother()
    {
        var store = Create(Clock);
        await store.Open(default);
        _opened.Add(store);
        return store;
    }

    protected async Task<ISyncStore> Reopen()
    {
        _opened.Remove(Store);
        await Store.DisposeAsync();
        return Store = await OpenAnother();
    }

    protected Task<Scribe> TakeFeed(string collection = "todos", int partition = 0) => Scribe.Of(Store, Clock, collection, partition);

    private async Task<CollectionSettings> Settle(CollectionSettings settings, string collection = "todos")
    {
        var known = await Store.ReadCollection(collection, default);
        Assert.NotNull(await Store.WriteCollection(collection, known?.Revision ?? 0, settings, default));
        return settings;
    }

    private Task<StoredRecord?> Read(string id) => Store.ReadRecord("todos", id, default);

    private async Task<IReadOnlyList<HistoryEntry>> History(string id) =>
        await Store.ReadHistory("todos", id, long.MaxValue, 20_000, default);

    private async Task<string[]> Feed(long after = 0, int limit = 1000) =>
        [.. (await Store.ReadFeed("todos", 0, after, limit, default)).Entries.Select(entry => $"{entry.Seq} {entry.Record.Id} v{entry.Record.Version}")];

    private Task<RecordPage> Page(
        string? filter = null, string? order = null, int limit = 1000, string? after = null, string collection = "todos", bool conflicts = false) =>
        Store.ReadRecords(
            new RecordQuery
            {
                Collection = collection,
                Filter = filter is null ? null : Filter.Parse(Encoding.UTF8.GetBytes(filter)),
                Order = RecordOrder.Parse(order),
                Limit = limit,
                After = after,
                ConflictsOnly = conflicts,
            },
            default);

    private async Task<string> Ids(string? filter = null, string? order = null) =>
        string.Join(' ', (await Page(filter, order)).Records.Select(record => record.Id));

    /// <summary>Equal in every member, null and empty told apart.</summary>
    private static void Same<T>(T expected, T actual) =>
        Assert.Equal(JsonSerializer.Serialize(expected, Exact), JsonSerializer.Serialize(actual, Exact));

    private static readonly JsonSerializerOptions Exact = new() { Converters = { new Ticks() } };

    private sealed class Ticks : JsonConverter<Timestamp>
    {
        public override Timestamp Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => new(reader.GetInt64());
        public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Ticks);
    }

    private static string Text(byte[]? data) => Encoding.UTF8.GetString(data!);
}
