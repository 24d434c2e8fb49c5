using System.Text;

namespace OrleansSync.Load;

/// <summary>
/// The collections of the conflict run: <c>articles</c>, where people decide and one record may have a conflict that holds as much as one can,
/// and <c>notes</c> beside it, both with as many ordinary records.
/// </summary>
internal static class DisputedCollection
{
    public const string Articles = "articles";
    public const string Notes = "notes";
    public const string Hot = "hot";

    /// <summary>The filter that only the ordinary records match.</summary>
    public const string Ordinary = """{"kind":"ordinary"}""";

    private const int Candidates = 32;
    private const int CandidateBytes = 32 * 1024 - 64;
    private const int BatchSize = 500;

    public static async Task Fill(ServerProcess server, int records, bool conflict)
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        foreach (var (collection, settings) in new[] { (Articles, """{"policy":"manual"}"""), (Notes, "{}") })
        {
            (await http.PutAsync($"/v1/collections/{collection}", Json(settings))).EnsureSuccessStatusCode();
            foreach (var some in Enumerable.Range(0, records).Chunk(BatchSize))
                await Write(http, [.. some.Select(i => Put(collection, i))], "applied", some.Length);
        }

        if (conflict) await Write(http, [.. Dispute()], "held", Candidates);
    }

    private static string Put(string collection, int record) =>
        $$"""{"collection":"{{collection}}","record":"r-{{record}}","op":"put","data":{"kind":"ordinary","sent":0,{{Payload.Data(record, record)[1..]}}}""";

    /// <summary>One person edits, and everybody else had seen what stood before.</summary>
    private static IEnumerable<string> Dispute()
    {
        yield return Edit("put", 0, "editor", "as everybody saw it");
        yield return Edit("patch", 1, "editor", "as the editor left it");
        for (var i = 1; i <= Candidates; i++) yield return Edit("patch", 1, $"tab-{i}", new string((char)('A' + i), CandidateBytes));
    }

    private static string Edit(string op, int seen, string client, string text) =>
        $$$"""{"collection":"{{{Articles}}}","record":"{{{Hot}}}","op":"{{{op}}}","base":{{{seen}}},"client":"{{{client}}}","data":{"text":"{{{text}}}"}}""";

    private static async Task Write(HttpClient http, string[] writes, string outcome, int expected)
    {
        var answer = await http.PostAsync("/v1/writes", Json($$"""{"writes":[{{string.Join(',', writes)}}]}"""));
        answer.EnsureSuccessStatusCode();
        var good = new TextCounter(Encoding.UTF8.GetBytes($"\"outcome\":\"{outcome}\"")).Count(await answer.Content.ReadAsByteArrayAsync());
        if (good != expected) throw new InvalidOperationException($"{good} of {expected} writes were {outcome}.");
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
