using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansSync.Grains.Records;
using OrleansSync.Grains.Tests.Merging;
using OrleansSync.Protocol;
using OrleansSync.Storage;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>Where a collection asks for it, what nobody settles is settled by timestamp, and history says so.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class SettlingInTime(RunningSilo silo)
{
    private readonly string _collection = silo.NewCollection();

    [Fact]
    public async Task A_conflict_that_is_due_is_settled_and_its_entry_says_by_whom_and_why()
    {
        var record = await Open(new() { Policy = CollectionSettings.Manual, AutoResolveHours = 72 });

        await SettleAfter(TimeSpan.FromHours(71.9));
        Assert.NotNull((await record.Read())!.Conflict);
        await SettleAfter(TimeSpan.FromHours(72.1));

        var settled = (await record.Read())!;
        Assert.Null(settled.Conflict);
        Assert.Equal("""{"title":"later"}""", settled.Text());
        var entry = (await record.ReadHistory(long.MaxValue, 1))!.Entries[0];
        Assert.Equal((WriteOp.Resolve, Resolution.Server, "Nobody decided within 72 h."), (entry.Op, entry.Author, entry.Settlement!.Note));
    }

    [Fact]
    public async Task One_that_is_claimed_waits_for_the_claim_to_lapse()
    {
        var record = await Open(new() { Policy = CollectionSettings.Manual, AutoResolveHours = 1 });
        await record.Write(Edits.Claim(86_400).Of(_collection, "r"));

        await SettleAfter(TimeSpan.FromHours(2));

        Assert.NotNull((await record.Read())!.Conflict);
        Assert.Equal(WriteOp.Claim, (await record.ReadHistory(long.MaxValue, 1))!.Entries[0].Op);
    }

    [Fact]
    public async Task Where_the_latest_value_does_not_fit_what_stands_stays()
    {
        var settings = new CollectionSettings { Policy = CollectionSettings.Manual, AutoResolveHours = 1 };
        var record = await Open(settings);
        await silo.Collection(_collection).Put(settings with { Schema = """{"properties":{"title":{"pattern":"^e"}}}""" });

        await SettleAfter(TimeSpan.FromHours(2));

        var settled = (await record.Read())!;
        Assert.Null(settled.Conflict);
        Assert.Equal("""{"title":"earlier"}""", settled.Text());
    }

    [Fact]
    public async Task Elsewhere_it_stays_open()
    {
        var record = await Open(new() { Policy = CollectionSettings.Manual });

        await SettleAfter(TimeSpan.FromDays(3000));

        Assert.NotNull((await record.Read())!.Conflict);
    }

    private async Task<IRecordGrain> Open(CollectionSettings settings)
    {
        await silo.Collection(_collection).Put(settings);
        var record = silo.Record(_collection, "r");
        await record.Write(Edits.Put("""{"title":"first"}""").At(1).Of(_collection, "r"));
        await record.Write(Edits.Patch("""{"title":"earlier"}""").By("bob").At(2).Seen(1).Of(_collection, "r"));
        var held = await record.Write(Edits.Patch("""{"title":"later"}""").By("cleo").At(3).Seen(1).Of(_collection, "r"));
        Assert.Equal(Outcome.Held, held.Outcome);
        return record;
    }

    private Task SettleAfter(TimeSpan time) => new DueConflicts(
        silo.Services.GetRequiredService<ISyncStore>(), silo.Services.GetRequiredService<IGrainFactory>(), new ClockAhead(time), NullLogger<DueConflicts>.Instance)
        .Settle(CancellationToken.None);

    private sealed class ClockAhead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
