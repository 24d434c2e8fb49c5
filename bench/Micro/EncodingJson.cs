using BenchmarkDotNet.Attributes;
using OrleansSync.Gateway.Feeds;
using OrleansSync.Gateway.Http;
using OrleansSync.Protocol;

namespace OrleansSync.Micro;

/// <summary>JSON as it leaves: a change once for all who follow, the frame of a page once for each view, the result of a write once.</summary>
public class EncodingJson
{
    private FeedEntry _entry = null!;
    private WriteResult _result = null!;
    private FeedChange[] _one = null!;
    private FeedChange[] _hundred = null!;

    [GlobalSetup]
    public void Prepare()
    {
        var record = Sample.Record();
        _entry = new() { Seq = 1042, Record = record, Write = "w-17", KnowsBefore = true, Before = record.Data };
        _result = new() { Id = "w-17", Outcome = Outcome.Applied, Record = record };
        var change = new EncodedEntry(_entry).As(Sight.Upsert);
        (_one, _hundred) = ([change], [.. Enumerable.Repeat(change, 100)]);
    }

    [Benchmark(Description = "a change")]
    public int Change() => new EncodedEntry(_entry).As(Sight.Upsert).Json.Length;

    [Benchmark(Description = "the frame of a page of 1")]
    public int FrameOfOne() => Page(_one).Frame.Length;

    [Benchmark(Description = "the frame of a page of 100")]
    public int FrameOfHundred() => Page(_hundred).Frame.Length;

    [Benchmark(Description = "the result of a write")]
    public int Result()
    {
        using var json = new AnswerBuffer();
        ResultJson.Write(json, _result);
        return json.Written.Length;
    }

    private static FeedPage Page(FeedChange[] changes) => new()
    {
        Feed = "f-0123456789abcdef",
        Since = "abcdefgh0123wxyz.lifeGk",
        Cursor = "abcdefgh0123wxyz.lifeGm",
        Changes = changes,
        UpToDate = true,
    };
}
