using System.Text.Json.Nodes;
using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>A put with an old base and the latest timestamp: all it has, and of the rest what came after its base (§4.2).</summary>
public sealed class PuttingOverUnseenEdits
{
    [Fact]
    public void Gives_its_data_and_what_came_later() => Gen.Select(RandomHistories.Steps, RandomEdits.Put, Gen.Int[0, 12]).Sample(
        (steps, put, seen) =>
        {
            var record = new OneRecord();
            foreach (var step in steps)
                record.Do(step.After(record.Version));
            if (record.Data is null || seen > record.Version || (seen > 0 && record.Versions[seen] is null))
                return;

            var expected = Over(Parsed(record.State!.Data), Parsed(record.Versions[seen]), JsonNode.Parse(put.Data))!.ToJsonString();
            var decision = record.Do(put.By("cy").Seen(seen));

            Assert.True(decision.MakesVersion);
            Assert.True(DataText.AreEqual(Edits.Bytes(expected), record.State!.Data), $"expected {expected}, is {record.Data}");
        },
        print: story => $"{RandomHistories.Show(story.Item1)}\n  then {RandomEdits.Show(story.Item2)} having seen {story.Item3}");

    private static JsonNode? Over(JsonNode? current, JsonNode? seen, JsonNode? put)
    {
        if (put is not JsonObject members)
            return put?.DeepClone();
        var result = current is JsonObject there ? there.DeepClone().AsObject() : [];
        foreach (var (name, value) in members)
            result[name] = Over(Member(current, name), Member(seen, name), value);
        foreach (var (name, had) in Members(seen))
        {
            if (members.ContainsKey(name) || !result.ContainsKey(name))
                continue;
            var rest = Without(result[name], had);
            result.Remove(name);
            if (rest is not null)
                result[name] = rest;
        }
        return result;
    }

    /// <summary>What is there of a value beside what was seen; null when nothing is.</summary>
    private static JsonObject? Without(JsonNode? current, JsonNode? seen)
    {
        if (current is not JsonObject || seen is not JsonObject had)
            return null;
        JsonObject rest = [];
        foreach (var (name, value) in Members(current))
        {
            if (!had.ContainsKey(name))
                rest[name] = value?.DeepClone();
            else if (Without(value, had[name]) is { } below)
                rest[name] = below;
        }
        return rest.Count == 0 ? null : rest;
    }

    private static JsonNode? Member(JsonNode? node, string name) => node is JsonObject members ? members[name] : null;

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Members(JsonNode? node) => node as JsonObject ?? [];

    private static JsonNode? Parsed(byte[]? data) => data is null ? null : JsonNode.Parse(data);
}
