using System.Text.Json.Nodes;
using OrleansSync.Histories;

namespace OrleansSync.EndToEnd.Recording;

/// <summary>What a cluster shows when all is over: each gateway's lists, every record read by itself, and what made each of its versions.</summary>
internal sealed class Ending(IReadOnlyList<Uri> gateways, IReadOnlyList<string> collections)
{
    private const int AtOnce = 8;

    private int _next;

    public async Task<(IReadOnlyList<View> Ends, IReadOnlyDictionary<string, IReadOnlyList<Made>> Made)> Read()
    {
        using var pool = new HttpClient();
        List<View> ends = [];
        foreach (var gateway in gateways) ends.Add(new($"The list of {gateway.Authority}", await Lists(pool, gateway)));
        string[] records = [.. ends.SelectMany(end => end.Records.Keys).Distinct()];
        ends.Add(new("A read of each record", await Each(records, async record => RecordText.Of(await Get(pool, Next(), record)))));
        return (ends, await Each(records, record => History(pool, record)));
    }

    private async Task<Dictionary<string, Showing>> Lists(HttpClient http, Uri gateway)
    {
        var records = new Dictionary<string, Showing>();
        foreach (var collection in collections)
        {
            string? after = null;
            do
            {
                var page = await Parse(http, new(gateway, $"/v1/collections/{collection}/records?limit=200{(after is null ? "" : $"&after={after}")}"));
                foreach (var record in page["records"]!.AsArray()) records[$"{collection}/{(string)record!["id"]!}"] = RecordText.Of(record);
                after = (string?)page["next"];
            }
            while (after is not null);
        }
        return records;
    }

    private async Task<IReadOnlyList<Made>> History(HttpClient http, string record)
    {
        List<Made> made = [];
        string? after = null;
        do
        {
            var page = await Get(http, Next(), record, $"/history?limit=500{(after is null ? "" : $"&after={after}")}");
            made.AddRange(page["entries"]!.AsArray().Where(entry => (string?)entry!["outcome"] == "applied").Select(entry => new Made((long)entry!["version"]!, (string?)entry["write"] ?? "")));
            after = (string?)page["next"];
        }
        while (after is not null);
        return made;
    }

    private static async Task<Dictionary<string, T>> Each<T>(string[] records, Func<string, Task<T>> read)
    {
        var answers = new T[records.Length];
        await Parallel.ForAsync(0, records.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) => answers[i] = await read(records[i]));
        return Enumerable.Range(0, records.Length).ToDictionary(i => records[i], i => answers[i]);
    }

    private static Task<JsonNode> Get(HttpClient http, Uri gateway, string record, string rest = "")
    {
        var (collection, id) = record.Split('/') is [var first, var second] ? (first, second) : throw new ArgumentException(record);
        return Parse(http, new(gateway, $"/v1/collections/{collection}/records/{id}{rest}"));
    }

    private static async Task<JsonNode> Parse(HttpClient http, Uri address)
    {
        using var answer = await http.GetAsync(address);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{address}: {text}");
        return JsonNode.Parse(text)!;
    }

    private Uri Next() => gateways[Interlocked.Increment(ref _next) % gateways.Count];
}
