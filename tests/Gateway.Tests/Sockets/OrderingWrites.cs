using OrleansSync.Gateway.Sockets;

namespace OrleansSync.Gateway.Tests.Sockets;

public class OrderingWrites
{
    private static readonly RecordKey Record = new("todos", "t1");

    private readonly WriteOrder _order = new();
    private readonly List<int> _gone = [];

    [Fact]
    public void Other_records_do_not_wait()
    {
        Assert.True(_order.TryGo(Record));
        Assert.True(_order.TryGo(Record with { Record = "t2" }));
    }

    [Fact]
    public void What_comes_before_the_first_answer_follows_in_order()
    {
        Assert.True(_order.TryGo(Record));
        for (var i = 1; i <= 3; i++)
        {
            var number = i;
            Assert.False(_order.TryGo(Record));
            _order.Follow(Record, () => _gone.Add(number));
        }
        Assert.Empty(_gone);

        _order.Answered(Record);

        Assert.Equal([1, 2, 3], _gone);
        Assert.True(_order.TryGo(Record));
    }

    [Fact]
    public void An_answer_that_comes_at_once_does_not_let_others_overtake()
    {
        _order.TryGo(Record);
        for (var i = 1; i <= 3; i++)
        {
            var number = i;
            _order.Follow(Record, () =>
            {
                _order.Answered(Record);
                _gone.Add(number);
            });
        }

        _order.Answered(Record);

        Assert.Equal([1, 2, 3], _gone);
    }

    [Fact]
    public void Who_follows_when_nothing_waits_any_more_goes_at_once()
    {
        _order.TryGo(Record);
        _order.Answered(Record);

        _order.Follow(Record, () => _gone.Add(1));

        Assert.Equal([1], _gone);
    }

    [Fact]
    public void Forgetting_keeps_what_is_unanswered()
    {
        _order.TryGo(Record);
        _order.Follow(Record, () => _gone.Add(1));

        for (var i = 0; i < 3; i++) _order.Rotate();
        Assert.False(_order.TryGo(Record));
        _order.Answered(Record);

        Assert.Equal([1], _gone);
    }

    [Fact]
    public void What_was_known_long_ago_is_first_again()
    {
        _order.TryGo(Record);
        _order.Answered(Record);

        _order.Rotate();
        _order.Rotate();

        Assert.True(_order.TryGo(Record));
        Assert.False(_order.TryGo(Record));
    }
}
