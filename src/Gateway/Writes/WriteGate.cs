using System.Runtime.CompilerServices;
using OrleansSync.Gateway.Access;
using OrleansSync.Gateway.Settings;
using OrleansSync.Grains.Collections;
using OrleansSync.Grains.Records;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Writes;

/// <summary>
/// The one door for writes of every transport: who may, which grain, and asking again while the truth is out of reach. Every outcome is
/// a value; nothing throws.
/// </summary>
internal sealed class WriteGate(
    IGrainFactory grains, RecordGrains records, CollectionDirectory collections, AccessRules access, ServerSettings settings, TimeProvider clock, ILogger<WriteGate> log)
{
    /// <summary>
    /// Does one write, as checked by the reader at the edge, and answers when it is durable. Cancelling stops asking again, not a write
    /// that is under way. The author must already be the caller's.
    /// </summary>
    /// <param name="spent">How long it has waited for what the gate must know, which is of its time.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<WriteResult> Write(Write write, Caller caller, CancellationToken cancel, TimeSpan spent = default)
    {
        var asking = new Asking(clock, spent);
        while (true)
        {
            var (answer, again) = await TryOnce(write, caller, asking.Left);
            if (!again || !asking.MayGoOn || cancel.IsCancellationRequested)
            {
                WriteMetrics.Answered(answer.Outcome, asking.Took);
                return answer;
            }
            await Pause(asking.NextPause(), cancel);
        }
    }

    /// <summary>
    /// Does a batch: the writes of one record strictly in their order, different records at the same time. The answers are in the order
    /// of <paramref name="reads"/>; one bad write is one bad answer.
    /// </summary>
    public async ValueTask<WriteResult[]> WriteAll(IReadOnlyList<WriteRead> reads, Caller caller, CancellationToken cancel, TimeSpan spent = default)
    {
        var results = new WriteResult[reads.Count];
        var chains = Chains.Of(reads);
        var running = new List<Task>(chains.Heads.Count);
        foreach (var head in chains.Heads) running.Add(WriteChain(reads, head, chains.Next, results, caller, cancel, spent));
        for (var i = 0; i < results.Length; i++)
            if (reads[i].Write is null) results[i] = reads[i].ToInvalid();
        await Task.WhenAll(running);
        return results;
    }

    private async Task WriteChain(
        IReadOnlyList<WriteRead> reads, int head, int[] next, WriteResult[] results, Caller caller, CancellationToken cancel, TimeSpan spent)
    {
        for (var i = head; i >= 0; i = next[i]) results[i] = await Write(reads[i].Write!, caller, cancel, spent);
    }

    /// <summary>One attempt. Again = it may be tried once more: nothing was sent yet, or its write id makes a resend harmless.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<(WriteResult Answer, bool Again)> TryOnce(Write write, Caller caller, TimeSpan left)
    {
        var sent = false;
        try
        {
            var collection = await Known(write, left);
            var refusal = Refusal(write, caller, collection);
            if (refusal is not null) return (WriteResult.Invalid(write.Id, refusal), false);
            if (write.IsOfConflict && !collection.Exists) return (NoConflict(write), false);

            var ownerOnly = collection.Settings.Owner is not null && !caller.IsAdmin;
            if (write.OwnerOnly != ownerOnly) write = write with { OwnerOnly = ownerOnly };
            var record = records.Of(write.Collection, write.Record);
            sent = true;
            var result = await record.Write(write);
            return (result, result.Problem?.Code is Codes.Unavailable && write.Id is not null);
        }
        catch (Exception failure)
        {
            var problem = GrainFailure.ProblemOf(failure);
            if (problem.Code is Codes.Internal) log.WriteFailed(failure, write.Collection);
            return (WriteResult.Invalid(write.Id, problem), problem.Code is Codes.Unavailable && (!sent || write.Id is not null));
        }
    }

    /// <summary>
    /// The collection as it is known here. What is asked of a conflict never makes one, so before it is answered that there is none, it is asked
    /// for: it may have come into being since, by another gateway.
    /// </summary>
    private async ValueTask<KnownCollection> Known(Write write, TimeSpan left)
    {
        var known = await InTime(collections.Read(write.Collection), left);
        if (known.Exists || !write.IsOfConflict) return known;
        if (await grains.GetGrain<ICollectionGrain>(write.Collection).Read() is not { } collection) return known;
        collections.Learn(collection);
        return new(collection.Name, collection.Revision, collection.Settings);
    }

    /// <summary>The directory asks on for a while of its own, which may have begun late in that of this write.</summary>
    private ValueTask<KnownCollection> InTime(ValueTask<KnownCollection> reading, TimeSpan left) =>
        reading.IsCompleted ? reading : new(reading.AsTask().WaitAsync(left, clock));

    private Problem? Refusal(Write write, Caller caller, KnownCollection collection) =>
        (write.IsOfConflict ? access.Resolve(caller, collection.Settings) : access.Write(caller, collection.Settings))
        ?? (write.Purge ? access.Administer(caller) : null)
        ?? (collection.Exists || settings.CreateOnWrite ? null : UnknownCollection(write.Collection));

    public static Problem UnknownCollection(string name) =>
        new(Codes.UnknownCollection, $"There is no collection {name}. Create it with PUT /v1/collections/{name}.");

    private static WriteResult NoConflict(Write write) =>
        new() { Id = write.Id, Outcome = Outcome.Rejected, Problem = new(Codes.NotFound, "There is no such record, so there is no open conflict.") };

    private async ValueTask Pause(TimeSpan pause, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(pause, clock, cancel);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}
