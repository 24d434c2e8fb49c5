using System.Text.Json.Nodes;
using OrleansSync.Histories;

namespace OrleansSync.EndToEnd.Recording;

/// <summary>The records of the recorded clients as JSON: a set of the writes that are in it, and how many there are.</summary>
internal static class RecordText
{
    public static Showing Of(JsonNode record)
    {
        var data = record["data"];
        return new(
            (long)record["version"]!,
            [.. (data?["writes"]?.AsArray() ?? []).Select(write => (string)write!)],
            (long?)data?["count"] ?? 0);
    }

    /// <summary>What a write sends: itself and one more by operations, or all that its client has seen and itself.</summary>
    public static JsonObject Data(Asked asked, string write, Showing seen) => asked == Asked.Add
        ? new() { ["writes"] = Operation("$addToSet", new JsonArray(write)), ["count"] = Operation("$increment", 1) }
        : new() { ["writes"] = new JsonArray([.. seen.Writes.Append(write).Select(each => (JsonNode)each)]), ["count"] = seen.Count + 1 };

    /// <summary>What the server says of a write; null = it may have happened or not.</summary>
    public static Answer? ReadResult(JsonNode result)
    {
        var (outcome, code) = ((string?)result["outcome"], (string?)result["code"]);
        if (code is "unavailable" or "overloaded") return null;
        var (shown, replayed) = (result["record"] is { } record ? Of(record) : Showing.Nothing, (bool?)result["replayed"] ?? false);
        if (outcome == "applied") return new(Said.Done, shown, replayed);
        return code is "version-mismatch" or "exists" ? new(Said.Refused, shown, replayed) : new(Said.Other, shown, replayed, $"{outcome} {code} {result["detail"]}");
    }

    /// <summary>What the server says of a read that shows nothing; null = it does not know.</summary>
    public static Answer? ReadProblem(JsonNode problem) => (string?)problem["code"] switch
    {
        "not-found" => new(Said.Done, Showing.Nothing),
        "unavailable" or "overloaded" => null,
        var code => new(Said.Other, Showing.Nothing, Words: $"{code} {problem["detail"]}"),
    };

    private static JsonObject Operation(string name, JsonNode operand) => new() { [name] = operand };
}
