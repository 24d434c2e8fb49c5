namespace OrleansSync.Histories.Tests;

/// <summary>
/// Clients at work on the model store, in any interleaving: calls overlap, get lost before or after they happened, are sent again, given up, and
/// happen long after that. What comes out is a history that is good.
/// </summary>
internal sealed class Simulation
{
    private const int Clients = 5;
    private static readonly string[] Names = ["notes/a", "notes/b", "tasks/a"];

    private readonly ModelStore _store = new();
    private readonly Choices _choices;
    private readonly SimulatedClient[] _clients;
    private readonly SimulatedSubscriber[] _subscribers;
    private readonly List<Call> _ghosts = [];
    private long _time;

    private Simulation(Choices choices)
    {
        _choices = choices;
        _clients = [.. Enumerable.Range(0, Clients).Select(number => new SimulatedClient($"c{number}"))];
        _subscribers = [new("early", "notes"), new("late", "tasks"), new("other", "notes")];
    }

    public static History Of(int[] numbers) => new Simulation(new(numbers)).Run();

    private History Run()
    {
        while (_choices.AnyLeft) Step();
        foreach (var client in _clients) client.Stop(++_time);
        foreach (var subscriber in _subscribers) subscriber.Read(_store, ++_time, int.MaxValue);
        return new(
            [.. _clients.SelectMany(client => client.Calls)],
            [.. _subscribers.Select(subscriber => subscriber.Recorded)],
            [new("g1", _store.Records), new("g2", _store.Records)],
            _store.Made);
    }

    private void Step()
    {
        var turn = _choices.Of(Clients + 2);
        if (turn < Clients) Move(_clients[turn]);
        else if (turn == Clients) _choices.Of(_subscribers).Read(_store, ++_time, 1 + _choices.Of(3));
        else if (_ghosts.Count > 0) HappenLate();
    }

    private void Move(SimulatedClient client)
    {
        if (client.IsIdle) client.Begin(++_time, _choices, Names);
        else if (!client.HasHappened)
        {
            if (_choices.OneIn(8)) Lose(client);
            else client.Happens(_store.Do(client.Current));
        }
        else if (_choices.OneIn(6)) Lose(client);
        else client.IsAnswered(++_time, again: _choices.OneIn(5));
    }

    /// <summary>Nobody answers. What was sent may be on its way all the same.</summary>
    private void Lose(SimulatedClient client)
    {
        if (client.Current.Write is not null && _choices.OneIn(2)) _ghosts.Add(client.Current);
        client.IsLost(++_time, givesUp: _choices.OneIn(3));
    }

    private void HappenLate()
    {
        var ghost = _choices.Of(_ghosts);
        _ghosts.Remove(ghost);
        _store.Do(ghost);
    }
}
