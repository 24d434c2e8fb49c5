using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrleansSync.Gateway.Tests.Documents;

/// <summary>
/// The page on conflicts, done as it says: each request is sent to a real server in the order of the page, and what the page shows of an answer
/// is in the answer. "…" stands for anything.
/// </summary>
public sealed partial class FollowingTheConflictsPage
{
    private static readonly Document Page = new("docs/conflicts.md");

    [Fact]
    public async Task Each_request_gets_the_answer_that_is_shown()
    {
        var server = new RunningGateway();
        await server.InitializeAsync();
        try
        {
            var (last, shown) = ((Reply?)null, 0);
            foreach (Match block in Block().Matches(Page.Text))
            {
                if (block.Groups[1].Value == "json")
                {
                    AssertShown(JsonNode.Parse(block.Groups[2].Value), last!.Json, block.Groups[2].Value + " of " + last.Text);
                    shown++;
                    continue;
                }

                foreach (var request in Requests(block.Groups[2].Value))
                    last = await Send(server, request);
            }

            Assert.True(shown >= 10, "The page shows no answers any more.");
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static IEnumerable<string[]> Requests(string shell) =>
        from line in shell.Replace("\\\n", " ").Split("\ncurl ")
        select Word().Matches(line).Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Value).ToArray();

    private static Task<Reply> Send(RunningGateway server, string[] words)
    {
        var (method, path, body, headers) = ("GET", "", (string?)null, new List<(string, string)>());
        for (var i = 0; i < words.Length; i++)
        {
            if (words[i] == "-X") method = words[++i];
            else if (words[i] == "-d") body = words[++i];
            else if (words[i] == "-H") headers.Add((words[++i].Split(": ")[0], words[i].Split(": ", 2)[1]));
            else if (words[i].StartsWith("http", StringComparison.Ordinal)) path = new Uri(words[i]).PathAndQuery;
        }

        return server.Send(new HttpMethod(method), path, body, null, [.. headers]);
    }

    /// <summary>Objects may have more members than are shown; arrays have as many elements.</summary>
    private static void AssertShown(JsonNode? shown, JsonNode? real, string where)
    {
        switch (shown)
        {
            case JsonObject members:
                Assert.True(real is JsonObject, where);
                foreach (var (name, value) in members) AssertShown(value, real!.AsObject()[name], $"{name} in {where}");
                break;
            case JsonArray elements:
                Assert.True(real is JsonArray array && array.Count == elements.Count, where);
                for (var i = 0; i < elements.Count; i++) AssertShown(elements[i], real!.AsArray()[i], $"[{i}] in {where}");
                break;
            case JsonValue value when value.TryGetValue(out string? text) && text == "…":
                Assert.True(real is not null, where);
                break;
            default:
                Assert.True(JsonNode.DeepEquals(shown, real), where);
                break;
        }
    }

    [GeneratedRegex(@"^```(sh|json)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"'([^']*)'|\S+")]
    private static partial Regex Word();
}
