using System.Diagnostics;
using OrleansSync.Histories;

namespace OrleansSync.EndToEnd.Nodes;

/// <summary>What came of the clients' work, and whether it was as promised.</summary>
/// <param name="Hung">Calls that a gateway neither answered nor gave up.</param>
/// <param name="Refusals">Each time that a client was told that its call may not have happened.</param>
internal sealed record LoadReport(History History, Verdict Verdict, IReadOnlyList<string> Hung, IReadOnlyList<string> Refusals)
{
    public bool IsGood => Verdict.IsGood && Hung.Count == 0;

    public int Calls => History.Calls.Count;

    public int Attempts => History.Calls.Sum(call => call.Attempts.Count);

    public int Unanswered => History.Calls.Count(call => call.Answer is null);

    /// <summary>The longest that a client went on sending a call until it was answered.</summary>
    public TimeSpan Longest => History.Calls.Where(call => call.Answered is not null).Select(call => Stopwatch.GetElapsedTime(call.Start, call.End)).DefaultIfEmpty().Max();

    public override string ToString() =>
        $"{Calls} calls in {Attempts} attempts ({Unanswered} never answered, {Refusals.Count} times 'unavailable', the longest {Longest.TotalSeconds:0.00} s), "
        + $"{History.Made.Values.Sum(made => made.Count)} versions of {History.Made.Count} records, {History.Subscribers.Sum(each => each.Pages.Count)} pages: {Verdict}{string.Concat(Hung.Select(line => $"\n  {line}"))}";
}
