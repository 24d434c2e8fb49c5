using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrleansSync.TimeZones;

/// <summary>Writes the table in batches, and reads it back page by page.</summary>
internal static class Loading
{
    private const int BatchSize = 500;

    public static async Task Load(HttpClient http, string collection, IReadOnlyList<ZoneRule> rules)
    {
        foreach (var batch in rules.Chunk(BatchSize))
        {
            var writes = batch.Select(rule => (JsonNode)new JsonObject
            {
                ["id"] = $"load-{rule.Id}",
                ["collection"] = collection,
                ["record"] = rule.Id,
                ["op"] = "put",
                ["data"] = rule.Data.DeepClone(),
            });
            using var answer = await http.PostAsJsonAsync("/v1/writes", new JsonObject { ["writes"] = new JsonArray([.. writes]) });
            answer.EnsureSuccessStatusCode();
            var results = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["results"]!.AsArray();
            if (results.FirstOrDefault(result => (string?)result!["outcome"] != "applied") is { } refused) throw new InvalidOperationException(refused.ToJsonString());
        }
    }

    public static async Task<Dictionary<string, string>> ReadAll(HttpClient http, string collection)
    {
        var records = new Dictionary<string, string>();
        for (string? after = null; ;)
        {
            var from = after is null ? "" : $"&after={Uri.EscapeDataString(after)}";
            var page = JsonNode.Parse(await http.GetStringAsync($"/v1/collections/{collection}/records?limit=1000{from}"))!;
            foreach (var record in page["records"]!.AsArray()) records.Add((string)record!["id"]!, record.ToJsonString());
            if ((after = (string?)page["next"]) is null) return records;
        }
    }
}
