using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using OrleansSync.Histories;

namespace OrleansSync.EndToEnd.Recording;

/// <summary>
/// A client that reads and writes, one call after the other, and writes down each with when it began and ended and what was answered. When
/// nobody answers it sends the call again under its own id, mostly through another gateway, and sometimes gives it up. Sometimes it sends one
/// again that was answered.
/// </summary>
internal sealed class RecordedClient : IDisposable
{
    /// <summary>More than any gateway may take to answer, even one that stood still for half a minute.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(3);

    private const int CallsAwayFromHome = 40;

    private readonly IReadOnlyList<Uri> _gateways;
    private readonly Targets _targets;
    private readonly Random _random;
    private readonly TimeSpan? _deadline;
    private readonly string _name;
    private readonly int _number;
    private readonly Dictionary<string, Showing> _seen = [];
    private Door? _door;
    private int _failures;
    private int _away;
    private int _writes;
    private long _lastBegun;
    private int _answered;

    /// <param name="deadline">How long it waits for an answer; unless told, half of the clients are patient.</param>
    public RecordedClient(int number, IReadOnlyList<Uri> gateways, Targets targets, TimeSpan? deadline, int seed)
    {
        (_name, _number, _gateways, _targets, _deadline, _random) = ($"c{number}", number, gateways, targets, deadline, new(seed));
    }

    /// <summary>Complete when the client has stopped.</summary>
    public List<Call> Calls { get; } = [];

    /// <summary>How many writes were answered.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>When the write began that was answered last.</summary>
    public long LastBegun => Volatile.Read(ref _lastBegun);

    /// <summary>The longest that a write took from when it was first sent to its answer.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Each time that it was told that a call may not have happened: which call, where, and after how long.</summary>
    public List<string> Refusals { get; } = [];

    /// <summary>A call to which a gateway gave neither an answer nor its connection up.</summary>
    public string? Hung { get; private set; }

    // Half of the clients wait for what the gateway has to say, half go elsewhere while their call may still be under way.
    private bool IsPatient => _deadline is null && _number / 2 % 2 == 0;

    private Uri Gateway => _gateways[(_number + _failures) % _gateways.Count];

    /// <summary>Calls until it is told to stop, and then ends the one that is under way.</summary>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await CallOnce();
            // A client thinks: two dozen that do not would leave the machine nothing for the servers.
            await Task.Delay(_random.Next(20), CancellationToken.None);
        }
    }

    public void Dispose() => _door?.Dispose();

    private async Task CallOnce()
    {
        var question = NextQuestion();
        var attempts = new List<Attempt>();
        while (true)
        {
            var attempt = await Send(question);
            if (attempt is not null) attempts.Add(attempt);
            if (attempt?.Answer is not null || (attempt is not null && _random.Next(10) == 0)) break;
            await Task.Delay(20 + _random.Next(20), CancellationToken.None);
        }
        if (attempts[^1].Answer is { } answer) await Answer(question, answer, attempts);
        Calls.Add(new(_name, $"{question.Collection}/{question.Id}", question.Asked, question.Write, question.IfVersion, attempts));
    }

    private async Task Answer(Question question, Answer answer, List<Attempt> attempts)
    {
        if (answer.Said != Said.Other) _seen[$"{question.Collection}/{question.Id}"] = answer.Shown;
        if (question.Write is null) return;
        if (Stopwatch.GetElapsedTime(attempts[0].Start) is var took && took > Longest) Longest = took;
        _targets.Written(question.Collection, attempts[0].Start);
        Volatile.Write(ref _lastBegun, attempts[0].Start);
        Interlocked.Increment(ref _answered);
        if (_random.Next(20) == 0) attempts.Add(await SendElsewhere(question));
    }

    /// <summary>Once more, through the next gateway and another kind of door: the answer must be the same.</summary>
    private async Task<Attempt> SendElsewhere(Question question)
    {
        var gateway = _gateways[(_number + _failures + 1) % _gateways.Count];
        using var patience = new CancellationTokenSource(ShortPatience);
        using var door = Door.To(gateway, socket: _number % 2 != 0);
        var start = Stopwatch.GetTimestamp();
        try
        {
            return new(gateway.Authority, start, Stopwatch.GetTimestamp(), await door.Ask(question, patience.Token));
        }
        catch (Exception broken) when (IsBreak(broken))
        {
            return new(gateway.Authority, start, Stopwatch.GetTimestamp(), null);
        }
    }

    private Question NextQuestion()
    {
        var (collection, id) = _targets.Next(_random);
        var seen = _seen.GetValueOrDefault($"{collection}/{id}", Showing.Nothing);
        var asked = _random.Next(3) switch { 0 => Asked.Read, 1 => Asked.Add, _ => Asked.Replace };
        if (asked == Asked.Read) return new(collection, id, asked, null, null, null);
        var write = $"{_name}-{++_writes}";
        // An operation needs no condition, and is given one now and then.
        long? named = asked == Asked.Replace || _random.Next(6) == 0 ? seen.Version : null;
        return new(collection, id, asked, write, named, RecordText.Data(asked, write, seen));
    }

    /// <summary>Null = there was nobody to send it to.</summary>
    private async Task<Attempt?> Send(Question question)
    {
        if (_failures > 0 && ++_away > CallsAwayFromHome) GoTo(home: true);
        using var patience = new CancellationTokenSource(IsPatient ? LongPatience : _deadline ?? ShortPatience);
        var (gateway, start) = (Gateway.Authority, Stopwatch.GetTimestamp());
        try
        {
            _door ??= Door.To(Gateway, socket: _number % 2 == 0);
            var answer = await _door.Ask(question, patience.Token);
            if (answer is null) Refusals.Add($"{question.Asked} of {question.Collection}/{question.Id} at {gateway} over a {_door.GetType().Name} after {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s");
            return new(gateway, start, Stopwatch.GetTimestamp(), answer);
        }
        catch (Exception broken) when (IsBreak(broken))
        {
            if (patience.IsCancellationRequested && IsPatient) Hung ??= $"{gateway} has not answered {question.Write ?? "a read"} for {LongPatience.TotalSeconds} s.";
            GoTo(home: false);
            return broken is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } ? null : new(gateway, start, Stopwatch.GetTimestamp(), null);
        }
    }

    private static bool IsBreak(Exception failure) =>
        failure is WebSocketException or HttpRequestException or IOException or OperationCanceledException or JsonException;

    private void GoTo(bool home)
    {
        _door?.Dispose();
        _door = null;
        _away = 0;
        _failures = home ? 0 : _failures + 1;
    }
}
