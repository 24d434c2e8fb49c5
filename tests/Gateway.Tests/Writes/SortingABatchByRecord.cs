using CsCheck;
using OrleansSync.Gateway.Writes;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Writes;

public sealed class SortingABatchByRecord
{
    [Fact]
    public void Every_good_write_is_in_one_chain_and_chains_keep_the_order() =>
        Gen.Int[-1, 4].List[0, 50].Sample(records =>
        {
            var reads = records.Select(Read).ToArray();

            var chains = Chains.Of(reads);

            var seen = new List<int>();
            foreach (var head in chains.Heads)
            {
                var before = -1;
                for (var i = head; i >= 0; i = chains.Next[i])
                {
                    Assert.True(i > before);
                    Assert.Equal(records[head], records[i]);
                    seen.Add(before = i);
                }
            }
            Assert.Equal(Enumerable.Range(0, records.Count).Where(i => records[i] >= 0), seen.Order());
            Assert.Equal(records.Where(record => record >= 0).Distinct().Count(), chains.Heads.Count);
        });

    private static WriteRead Read(int record) => record < 0
        ? new(null, null, new(Codes.Malformed, "no write"))
        : new(new() { Collection = "c", Record = $"r{record}", Op = WriteOp.Delete, Author = "ada" }, null, null);
}
