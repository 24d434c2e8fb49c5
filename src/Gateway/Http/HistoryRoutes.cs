using System.Globalization;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Http;

/// <summary>What happened to a record and why, and the record as it was (protocol §7).</summary>
internal sealed class HistoryRoutes(CallerReader callers, ReadGate gate, GrainReads reads, ServerSettings settings)
{
    private const int DefaultLimit = 100;

    public void Map(IEndpointRouteBuilder routes) => routes.MapGet(RecordRoutes.Path + "/history", Get).Named(
        "ReadHistory", "What happened to a record and why", "Newest first.", query:
        [
            ("limit", "entries of a page"), ("after", "the next of the page before"), ("version", "the record as it was at this version, instead"),
        ]);

    private async Task Get(HttpContext http)
    {
        var collection = PathRules.Collection(http);
        var id = PathRules.Record(http);
        var version = QueryValues.Version(http, "version");
        var before = QueryValues.Version(http, "after") ?? long.MaxValue;
        var limit = QueryValues.Number(http, "limit", 1, settings.Limits.Changes) ?? Math.Min(DefaultLimit, settings.Limits.Changes);
        var record = await gate.Find(collection, id, await callers.Read(http)) ?? throw NothingKnown();

        if (version is { } wanted)
        {
            await RecordRoutes.Show(http, await reads.Ask(() => record.ReadVersion(wanted)));
            return;
        }
        var page = await reads.Ask(() => record.ReadHistory(before, limit)) ?? throw NothingKnown();
        using var body = new AnswerBuffer();
        HistoryJson.WritePage(body, page.Entries, page.Next?.ToString(CultureInfo.InvariantCulture));
        await Answer.Json(http, StatusCodes.Status200OK, body);
    }

    private static RefusedException NothingKnown() => new(Codes.NotFound, "There is no such record, or nothing is known of it any more.");
}
