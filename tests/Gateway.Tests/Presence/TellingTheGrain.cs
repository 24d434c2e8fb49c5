using Microsoft.Extensions.Time.Testing;
using OrleansSync.Gateway.Presence;
using OrleansSync.Grains.Presence;
using OrleansSync.Protocol;

namespace OrleansSync.Gateway.Tests.Presence;

/// <summary>How a gateway says what its connections announce, call by call.</summary>
public sealed class TellingTheGrain
{
    private static readonly TimeSpan HalfAMinute = TimeSpan.FromSeconds(30);
    private static readonly AnnouncementKey Key = new("g", 1, "a");

    private readonly FakeTimeProvider _clock = new();
    private readonly SemaphoreSlim _called = new(0);
    private readonly List<IReadOnlyList<Telling>> _calls = [];
    private TaskCompletionSource<IReadOnlyList<AnnouncementKey>> _answer = new();
    private readonly OwnAnnouncements _own;

    public TellingTheGrain() => _own = new(Tell, () => TimeSpan.Zero, _clock, default);

    [Fact]
    public async Task What_comes_while_a_call_is_under_way_goes_with_the_next_and_only_the_latest()
    {
        var first = _own.Put(Key, By("1"), HalfAMinute);
        await Called();
        var others = new[] { _own.Put(Key, By("2"), HalfAMinute), _own.Put(Key with { Record = "b" }, By("3"), HalfAMinute), _own.Put(Key, By("4"), HalfAMinute) };

        Answer();
        await first;
        Assert.All(others, other => Assert.False(other.IsCompleted));
        await Called();
        Answer();
        await Task.WhenAll(others);

        Assert.Equal(["1"], _calls[0].Select(telling => telling.What!.Author));
        Assert.Equal(["3", "4"], _calls[1].Select(telling => telling.What!.Author).Order());
    }

    [Fact]
    public async Task What_could_not_be_said_is_said_again_and_answered_then()
    {
        var announced = _own.Put(Key, By("1"), HalfAMinute);
        await Called();
        var withdrawn = _own.Remove(Key);

        Fail(new TimeoutException());
        while (_called.CurrentCount == 0)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
        await Called();
        Assert.False(announced.IsCompleted);
        Answer();
        await Task.WhenAll(announced, withdrawn);

        Assert.Null(Assert.Single(_calls[1]).What);
        await Quiet();
    }

    [Fact]
    public async Task Said_again_it_lasts_only_as_long_as_is_left()
    {
        var announced = _own.Put(Key, By("1"), HalfAMinute);
        await Called();
        Answer();
        await announced;

        _clock.Advance(HalfAMinute / 3);
        _own.TellAgain();
        await Called();

        Assert.Equal(HalfAMinute * 2 / 3, Assert.Single(_calls[1]).Lasts);
    }

    [Fact]
    public async Task What_there_is_no_room_for_is_refused_and_not_kept()
    {
        var announced = _own.Put(Key, By("1"), HalfAMinute);
        await Called();
        Answer(Key);

        var refused = await Assert.ThrowsAsync<RefusedException>(() => announced);

        Assert.Equal("rate-limited", refused.Problem.Code);
        await Quiet();
    }

    [Fact]
    public async Task What_has_lapsed_is_dropped_without_a_word()
    {
        var announced = _own.Put(Key, By("1"), HalfAMinute);
        await Called();
        Answer();
        await announced;

        _clock.Advance(HalfAMinute);
        _own.Lapse();

        await Quiet();
        Assert.Single(_calls);
    }

    private Task<IReadOnlyList<AnnouncementKey>> Tell(IReadOnlyList<Telling> tellings)
    {
        _calls.Add(tellings);
        _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _called.Release();
        return _answer.Task;
    }

    private async Task Called() => Assert.True(await _called.WaitAsync(TimeSpan.FromSeconds(20)));

    /// <summary>Waits until nothing is announced or to be said any more.</summary>
    private async Task Quiet()
    {
        while (!_own.IsEmpty) await Task.Yield();
    }

    private void Answer(params AnnouncementKey[] refused) => _answer.SetResult(refused);

    private void Fail(Exception failure) => _answer.SetException(failure);

    private static Announcement By(string author) => new() { Author = author };
}
