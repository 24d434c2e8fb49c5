using Microsoft.Extensions.Time.Testing;
using OrleansSync.Grains.Records;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>Writers that were overtaken hear of it one after the other.</summary>
public sealed class TakingTurnsAtARetry
{
    private readonly FakeTimeProvider _clock = new();
    private readonly RetryTurns _turns;

    public TakingTurnsAtARetry() => _turns = new(_clock);

    [Fact]
    public void Who_is_alone_is_told_at_once() => Assert.True(_turns.Take().IsCompleted);

    [Fact]
    public async Task The_next_is_told_when_the_record_has_moved_and_nobody_else()
    {
        await _turns.Take();
        var (second, third) = (_turns.Take().AsTask(), _turns.Take().AsTask());
        Assert.False(second.IsCompleted);

        _turns.Moved();
        await second;
        Assert.False(third.IsCompleted);

        _turns.Moved();
        await third;
    }

    [Fact]
    public async Task A_turn_that_is_not_used_holds_nobody_for_long()
    {
        await _turns.Take();
        var waiting = Enumerable.Range(0, 10).Select(_ => _turns.Take().AsTask()).ToArray();

        _clock.Advance(RetryTurns.Patience);

        await Task.WhenAll(waiting);
        Assert.True(_turns.Take().IsCompleted);
    }

    [Fact]
    public async Task Who_no_longer_waits_takes_nobodys_turn()
    {
        await _turns.Take();
        var gone = _turns.Take().AsTask();
        _clock.Advance(RetryTurns.Patience);
        await gone;
        await _turns.Take();
        var waiting = _turns.Take().AsTask();

        _turns.Moved();

        await waiting;
    }

    [Fact]
    public async Task After_the_record_has_moved_the_first_is_told_at_once()
    {
        await _turns.Take();

        _turns.Moved();

        Assert.True(_turns.Take().IsCompleted);
    }

    [Fact]
    public async Task No_more_wait_than_can_be_kept()
    {
        await _turns.Take();
        for (var waiting = 0; waiting < 256; waiting++) Assert.False(_turns.Take().IsCompleted);

        Assert.True(_turns.Take().IsCompleted);
    }
}
