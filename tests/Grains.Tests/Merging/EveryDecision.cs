using System.Text.Json.Nodes;
using CsCheck;
using OrleansSync.Protocol;

namespace OrleansSync.Grains.Tests.Merging;

/// <summary>What holds of every answer, whatever the policy and the past (§4, the table of outcomes).</summary>
public sealed class EveryDecision
{
    [Fact]
    public void The_outcome_agrees_with_the_fields_and_with_what_changed() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var record = new OneRecord(settings);
            foreach (var step in steps)
            {
                var (version, data, wasTombstone) = (record.Version, record.Data, record.State is { Deleted: true });
                var write = step.After(version);

                var decision = record.Do(write);

                Assert.Equal(decision.Outcome is Outcome.Rejected or Outcome.Invalid, decision.Problem is not null);
                Assert.Equal(decision.MakesVersion ? version + 1 : version, record.Version);
                if (!decision.MakesVersion)
                    Assert.Equal(data, record.Data);
                switch (decision.Outcome)
                {
                    case Outcome.Applied:
                        Assert.Empty(decision.Fields);
                        Assert.Equal(!(wasTombstone && write.Op == WriteOp.Delete), decision.MakesVersion);
                        break;
                    case Outcome.Merged:
                        Assert.NotEmpty(decision.Fields);
                        Assert.DoesNotContain(decision.Fields, field => field.Kept == Kept.Held);
                        Assert.True(decision.MakesVersion);
                        break;
                    case Outcome.Held:
                        Assert.Contains(decision.Fields, field => field is { Kept: Kept.Held, Rule: CollectionSettings.Manual });
                        Assert.True(decision.MakesVersion);
                        Assert.Equal(write.Id, record.State!.Conflict!.Candidates[^1].Write);
                        break;
                    case Outcome.Superseded:
                        Assert.NotEmpty(decision.Fields);
                        Assert.All(decision.Fields, field => Assert.Equal(Kept.Current, field.Kept));
                        Assert.False(decision.MakesVersion);
                        break;
                    case Outcome.Rejected when decision.Problem!.Code == Codes.ConcurrentEdit:
                        Assert.Contains(decision.Fields, field => field is { Kept: Kept.Current, Rule: CollectionSettings.Reject });
                        goto default;
                    default:
                        Assert.False(decision.MakesVersion);
                        break;
                }
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    [Fact]
    public void A_field_is_named_once() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var record = new OneRecord(settings);
            foreach (var step in steps)
            {
                var paths = record.Do(step.After(record.Version)).Fields.Select(field => field.Path).ToArray();
                Assert.Equal(paths.Distinct(), paths);
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    [Fact]
    public void The_records_timestamp_never_falls_and_what_was_seen_is_remembered() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var record = new OneRecord(settings);
            foreach (var step in steps)
            {
                var (view, seen) = (record.State?.View.Timestamp ?? default, record.State?.LatestSeen ?? default);

                var decision = record.Do(step.After(record.Version));

                if (record.State is null)
                    continue;
                Assert.True(record.State.View.Timestamp >= view);
                Assert.True(record.State.LatestSeen >= seen && record.State.LatestSeen >= record.State.View.Timestamp);
                if (decision.Outcome is Outcome.Applied or Outcome.Merged)
                    Assert.True(record.State.LatestSeen >= decision.Timestamp);
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    [Fact]
    public void Operations_count_in_every_write_that_is_not_refused() => Gen.Select(RandomHistories.Settings, RandomHistories.Steps).Sample(
        (settings, steps) =>
        {
            var record = new OneRecord(settings);
            foreach (var step in steps.Where(step => step.Write.Op != WriteOp.Delete))
            {
                var write = step.After(record.Version);
                if (record.State is null || write.Op == WriteOp.Put)
                {
                    record.Do(write);
                    continue;
                }

                var before = record.Versions[^1]!;
                var decision = record.Do(write with { Data = AndCount(write.Data!) });
                if (decision.Outcome is Outcome.Rejected or Outcome.Invalid)
                    continue;
                Assert.Equal(Count(before) + 1, Count(record.State.Data!));
            }
        },
        print: story => RandomHistories.Show(story.Item1, story.Item2));

    private static byte[] AndCount(byte[] patch)
    {
        var members = JsonNode.Parse(patch)!.AsObject();
        members["n"] = new JsonObject { ["$increment"] = 1 };
        return Edits.Bytes(members.ToJsonString());
    }

    private static int Count(byte[]? data) => data is null ? 0 : JsonNode.Parse(data)!["n"]?.GetValue<int>() ?? 0;
}
