using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrleansSync.TimeZones;

/// <summary>Two clients that edit the same rules at the same time, each in its own way.</summary>
internal static class Editing
{
    /// <summary>Corrects names over REST, one patch after the other.</summary>
    public static async Task ByPatch(HttpClient http, string collection, IReadOnlyList<ZoneRule> rules)
    {
        foreach (var rule in rules)
        {
            using var answer = await http.PatchAsJsonAsync(
                $"/v1/collections/{collection}/records/{rule.Id}", new JsonObject { ["name"] = $"{rule.Data["name"]} (checked)", ["visits"] = Visit() });
            // The other client may have deleted it: a patch of what is gone is refused, and that is right.
            if (!answer.IsSuccessStatusCode && answer.StatusCode != System.Net.HttpStatusCode.Gone) answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Counts visits over a WebSocket, and deletes every tenth rule.</summary>
    public static async Task BySocket(Uri server, string collection, IReadOnlyList<ZoneRule> rules)
    {
        using var socket = await Conversation.Open(server, CancellationToken.None);
        for (var number = 0; number < rules.Count; number++)
        {
            var write = new JsonObject { ["id"] = $"visit-{number}", ["collection"] = collection, ["record"] = rules[number].Id };
            if (number % 10 == 9) write["op"] = "delete";
            else (write["op"], write["data"]) = ("patch", new JsonObject { ["visits"] = Visit() });
            await socket.Send(new JsonObject { ["type"] = "write", ["ref"] = number, ["writes"] = new JsonArray(write) }, CancellationToken.None);
            await socket.Receive(CancellationToken.None);
        }
    }

    private static JsonObject Visit() => new() { ["$increment"] = 1 };
}
