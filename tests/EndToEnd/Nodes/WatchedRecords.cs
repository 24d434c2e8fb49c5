using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>
/// Records of many collections, and so of every node, that are read without a pause through one gateway while they are written through
/// others. A read that began after a write was answered must not say what was there before it.
/// </summary>
internal sealed class WatchedRecords : IAsyncDisposable
{
    private const int Collections = 24;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly int[] _written = new int[Collections];
    private readonly int[] _read = new int[Collections];
    private readonly Task _reading;
    private int _answered;
    private int _refused;
    private long _longest;

    /// <param name="reader">Through whom they are read.</param>
    public WatchedRecords(HttpClient reader) => _reading = Task.WhenAll(Enumerable.Range(0, Collections).Select(number => Read(reader, number)));

    /// <summary>The first read that was older than it may have been.</summary>
    public string? Stale { get; private set; }

    /// <summary>The longest that a reader had to wait for its answer, or for being told that there is none.</summary>
    public TimeSpan Longest => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _longest));

    /// <summary>Writes the next round to each, as a client that resends; answers how long each took.</summary>
    public async Task<IReadOnlyList<TimeSpan>> Write(HttpClient through) =>
        await Task.WhenAll(Enumerable.Range(0, Collections).Select(number => Write(through, number, _written[number] + 1)));

    /// <summary>Returns when each was read at its newest.</summary>
    public async Task AreRead()
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var patience = Stopwatch.StartNew();
        while (Enumerable.Range(0, Collections).Any(number => Volatile.Read(ref _read[number]) < _written[number]))
        {
            Assert.True(patience.Elapsed < Patience, "Readers did not see the newest for a minute.");
            await look.WaitForNextTickAsync();
        }
    }

    public override string ToString() => $"{_answered} reads, {_refused} refused, the longest {Longest.TotalMilliseconds:0} ms";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task<TimeSpan> Write(HttpClient through, int number, int round)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, PathOf(number)) { Content = JsonContent.Create(new { round }) };
            request.Headers.Add("Idempotency-Key", $"round-{round}");
            using var answer = await through.SendAsync(request);
            if (answer.IsSuccessStatusCode) break;
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable && clock.Elapsed < Patience, await answer.Content.ReadAsStringAsync());
        }
        Volatile.Write(ref _written[number], round);
        return clock.Elapsed;
    }

    private async Task Read(HttpClient through, int number)
    {
        while (!_stop.IsCancellationRequested)
        {
            var (least, began) = (Volatile.Read(ref _written[number]), Stopwatch.GetTimestamp());
            var round = await Read(through, PathOf(number));
            var took = Stopwatch.GetTimestamp() - began;
            if (took > Volatile.Read(ref _longest)) Volatile.Write(ref _longest, took);
            if (round is not { } seen)
            {
                Interlocked.Increment(ref _refused);
                // A gateway that is gone refuses at once, and would be asked without end.
                await Task.Delay(10);
                continue;
            }
            Interlocked.Increment(ref _answered);
            if (seen < least) Stale ??= $"{PathOf(number)} was read at round {seen} when round {least} had been answered";
            Volatile.Write(ref _read[number], seen);
        }
    }

    /// <summary>Null when the gateway does not say, because it cannot know or is gone.</summary>
    private async Task<int?> Read(HttpClient through, string path)
    {
        try
        {
            using var answer = await through.GetAsync(path, _stop.Token);
            if (answer.StatusCode == HttpStatusCode.NotFound) return 0;
            return answer.IsSuccessStatusCode ? (int)JsonNode.Parse(await answer.Content.ReadAsStringAsync(_stop.Token))!["data"]!["round"]! : null;
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    private static string PathOf(int number) => $"/v1/collections/p{number}/records/r";
}
