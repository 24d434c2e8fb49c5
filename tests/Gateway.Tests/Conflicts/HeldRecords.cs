using System.Text.Json.Nodes;

namespace OrleansSync.Gateway.Tests.Conflicts;

/// <summary>Records of a manual collection on which two people disagree, made over REST.</summary>
internal sealed class HeldRecords(RunningGateway gateway, string collection)
{
    public string Path => $"/v1/collections/{collection}";

    public string Record(string id) => $"{Path}/records/{id}";

    public Task SetUp(string settings = """{"policy":"manual"}""", string? token = null) => gateway.Put(Path, settings, token);

    /// <summary>At version 3, with the revision 1 of a conflict about the title: ada's stands, bob's waits.</summary>
    public async Task Disagree(string id, string? token = null, string data = """{"title":"Milk"}""")
    {
        await Done(gateway.Put(Record(id), data, token), 201);
        await Done(gateway.Patch(Record(id), """{"title":"Buy milk"}""", token, ("Sync-Base", "1"), ("Sync-Client", "ada-1")), 200);
        await Done(gateway.Patch(Record(id), """{"title":"Oat milk"}""", token, ("Sync-Base", "1"), ("Sync-Client", "bob-1")), 202);
    }

    /// <summary>At version 3, deleted by ada, with a conflict about the whole record: bob's edit waits behind the tombstone.</summary>
    public async Task DisagreeOverTombstone(string id, string? token = null, string data = """{"title":"Milk"}""")
    {
        await Done(gateway.Put(Record(id), data, token), 201);
        await Done(gateway.Delete(Record(id), token, ("Sync-Base", "1"), ("Sync-Client", "ada-1")), 200);
        var now = DateTime.UtcNow.ToString("O");
        await Done(gateway.Patch(Record(id), """{"title":"Oat milk"}""", token, ("Sync-Base", "1"), ("Sync-Client", "bob-1"), ("Sync-Timestamp", now)), 202);
    }

    /// <summary>The record or its tombstone.</summary>
    public async Task<JsonObject> Read(string id, string? token = null)
    {
        var reply = await gateway.Get(Record(id), token);
        return reply.Status == 410 ? reply.Json["record"]!.AsObject() : reply.Json;
    }

    private static async Task Done(Task<Reply> asked, int status)
    {
        var reply = await asked;
        Assert.True(reply.Status == status, reply.Text);
    }
}
