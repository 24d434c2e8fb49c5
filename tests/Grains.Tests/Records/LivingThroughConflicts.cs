using CsCheck;
using OrleansSync.Grains.Tests.Merging;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>Guarantees 3 and 5 of a real record: random lives under <c>manual</c>, with resends at any time and memory that is lost.</summary>
[Collection(OnARunningSilo.Name)]
public sealed class LivingThroughConflicts(RunningSilo silo)
{
    private const int Lives = 60;

    [Fact]
    public Task Resends_get_the_first_answer_and_nothing_that_was_typed_is_lost() => Gen.Select(ConflictStories.Any, Gen.Int[0, 20].Array[24]).SampleAsync(
        async (story, whims) =>
        {
            var (collection, record, answers) = (silo.NewCollection(), "r", new List<(Write Write, WriteResult Answer)>());
            await silo.Collection(collection).Put(story.Settings);
            var grain = silo.Record(collection, record);
            var clock = OneRecord.Now;
            foreach (var (step, whim) in story.Steps.Zip(whims))
            {
                clock += step.Seconds;
                var stands = await grain.Read();
                var write = step.After(stands?.Version ?? 0, stands?.Conflict, clock).Of(collection, record);

                var sent = await Task.WhenAll(Enumerable.Range(0, 1 + whim % 2).Select(_ => grain.Write(write)));
                foreach (var again in sent[1..]) AssertSame(sent[0], again);
                if (sent[0].Outcome != Outcome.Invalid) answers.Add((write, sent[0]));

                if (whim == 7) await silo.ForgetMemory();
                if (whim % 3 != 0 || answers.Count == 0) continue;
                var (earlier, first) = answers[whim % answers.Count];
                var version = (await grain.Read())?.Version;
                var replayed = await grain.Write(earlier);
                Assert.True(replayed.Replayed);
                AssertSame(first, replayed);
                Assert.Equal(version, (await grain.Read())?.Version);
            }

            var history = (await grain.ReadHistory(long.MaxValue, 1000))?.Entries ?? [];
            foreach (var (write, _) in answers)
                foreach (var value in ConflictStories.Step.TypedIn(write)) NothingIsLost.AssertKept(value, await grain.Read(), history);
        },
        iter: Lives, threads: 1, print: story => story.Item1.ToString());

    private static void AssertSame(WriteResult first, WriteResult again)
    {
        Assert.Equal((first.Outcome, first.Problem?.Code, first.Status), (again.Outcome, again.Problem?.Code, again.Status));
        Assert.Equal(first.Fields, again.Fields);
        Assert.Equal(first.Record?.Version, again.Record?.Version);
        Assert.Equal(Edits.Text(first.Record?.Conflict), Edits.Text(again.Record?.Conflict));
        Assert.True(first.Record?.Data is null ? again.Record?.Data is null : DataText.AreEqual(first.Record.Data, again.Record!.Data!));
    }
}
