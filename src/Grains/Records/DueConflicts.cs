using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Records;

/// <summary>
/// Settles by timestamp what nobody settled in time, where a collection asks for that (<c>autoResolveHours</c>). Every silo looks once a
/// minute; that two find the same conflict is harmless, as each settles only the one it saw.
/// </summary>
internal sealed class DueConflicts(ISyncStore store, IGrainFactory grains, TimeProvider clock, ILogger<DueConflicts> log) : BackgroundService
{
    private const int MostAtOnce = 1_000;
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await Next(timer, stopping))
        {
            try
            {
                await Settle(stopping);
            }
            catch (Exception failure) when (failure is StoreUnavailableException or OrleansException or TimeoutException)
            {
                RecordLog.NotSettled(log, failure);
            }
        }
    }

    /// <summary>Settles what is due now, at most a thousand of each collection. What somebody has claimed waits until the claim lapses.</summary>
    public async Task Settle(CancellationToken cancel)
    {
        foreach (var collection in await store.ReadCollections(cancel))
        {
            if (collection.Settings.AutoResolveHours is not { } hours || collection.Counts.Conflicts == 0) continue;
            var due = Timestamp.Now(clock) + -TimeSpan.FromHours(hours);
            foreach (var open in await store.ReadConflicts(collection.Name, due, MostAtOnce, cancel)) await Settle(collection, open);
        }
    }

    private async Task Settle(Collection collection, OpenConflict open)
    {
        var record = grains.GetGrain<IRecordGrain>(new RecordKey(collection.Name, open.Record).ToString());
        if ((await record.Read())?.Conflict is not { } conflict || conflict.Id != open.Conflict || conflict.Claim?.Until > Timestamp.Now(clock)) return;
        var settlement = ByTimestamp(collection, open, conflict);
        var answer = await record.Write(settlement);
        // The latest value may not be what the record may hold by now. Then what stands goes on standing.
        if (answer.Problem?.Code is Codes.Schema or Codes.TooLarge) await record.Write(Keeping(settlement, answer.Problem));
    }

    private static Write ByTimestamp(Collection collection, OpenConflict open, Conflict conflict) => new()
    {
        Collection = collection.Name,
        Record = open.Record,
        Op = WriteOp.Resolve,
        Author = Resolution.Server,
        Resolution = new()
        {
            Conflict = conflict.Id,
            Expect = conflict.Revision,
            Choices = [],
            ByTimestamp = true,
            Note = $"Nobody decided within {collection.Settings.AutoResolveHours} h.",
        },
    };

    private static Write Keeping(Write settlement, Problem why) => settlement with
    {
        Resolution = settlement.Resolution! with { ByTimestamp = false, Note = $"{settlement.Resolution.Note} The latest value does not fit: {why.Detail}" },
    };

    private static async ValueTask<bool> Next(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
