using System.Text;

namespace OrleansSync.Load.Peers;

/// <summary>Writes with the revision it has read; a refusal says no more, so that it reads again.</summary>
internal sealed class PouchDbEditor(int port) : IEditor
{
    private readonly PouchDbClient _client = new(port);

    public Task Create() => _client.Put("hot", null, """{"count":0}"""u8.ToArray());

    public Task<int> Increment() => ReadModifyWrite();

    public async Task<int> ReadModifyWrite()
    {
        for (var attempt = 1; ; attempt++)
        {
            var (revision, count) = await _client.Get("hot");
            if (await _client.Put("hot", revision, Encoding.UTF8.GetBytes($$"""{"count":{{count + 1}}}""")) is not null) return attempt;
        }
    }

    public async Task<long> Read() => (await _client.Get("hot")).Count;

    public void Dispose() => _client.Dispose();
}
