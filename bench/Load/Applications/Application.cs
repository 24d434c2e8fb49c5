using System.Diagnostics;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Applications;

/// <summary>
/// The clients of an application: members that follow, and connections that write what members would, at a rate, each write due at its moment whether or not those
/// before were answered. What is written has the moment in it that it was due.
/// </summary>
internal abstract class Application(string collection, int rate) : IDisposable
{
    /// <summary>A server that answers none of so many is not waited for any longer.</summary>
    private const int MostOpen = 10_000;

    protected const int Connections = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<Subscriber> _members = [];
    private readonly List<IWriter> _writers = [];
    private long _expected;
    private int _written;

    /// <summary>What the tables call it.</summary>
    public abstract string Name { get; }

    public string Collection => collection;
    public long Written => Volatile.Read(ref _written);
    public long Answered => _writers.Sum(writer => writer.Answered);
    public long Refused => _writers.Sum(writer => writer.Refused);

    /// <summary>To members.</summary>
    public long Delivered => _members.Sum(member => member.Deliveries);

    /// <summary>Deliveries that did not come, or not yet.</summary>
    public long Missing => Volatile.Read(ref _expected) - Delivered;

    /// <summary>Makes what is there from the start, and connects everybody.</summary>
    public abstract Task Open(Address address);

    /// <param name="arrived">Called with each piece that any member is sent.</param>
    public void Follow(Action<ReadOnlyMemory<byte>> arrived)
    {
        foreach (var member in _members)
        {
            member.Arrived = arrived;
            _ = member.Run();
        }
    }

    /// <summary>Writes until it is stopped, and then gives the last arrivals a little time.</summary>
    public async Task Run(CancellationToken stop)
    {
        await Task.Factory.StartNew(() => Write(stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Patience && (Answered < Written || Missing > 0);) await Task.Delay(10);
    }

    /// <summary>Has a connection send the write of this number, from 1.</summary>
    /// <returns>How many members it must reach.</returns>
    protected abstract int Send(int number, long due);

    protected async Task Join(Address address, string? filter) => _members.Add(await Subscriber.ToFeed(address, collection, filter, "\"type\":\"upsert\""));

    /// <param name="op">Of all its writes.</param>
    /// <param name="base">What all of them have seen; null = they do not say.</param>
    protected async Task<IWriter> Connect(Address address, string op, int? @base = null)
    {
        var writer = await SocketWriter.Connect(address, new OrleansSyncDialect(_writers.Count, collection, op, @base));
        _writers.Add(writer);
        return writer;
    }

    private void Write(CancellationToken stop)
    {
        var pace = new Pace(rate);
        while (!stop.IsCancellationRequested)
        {
            var due = pace.Next();
            if (Written - Answered > MostOpen) throw new InvalidOperationException($"{MostOpen} writes are unanswered: the rate is more than the server takes.");
            Volatile.Write(ref _expected, _expected + Send(++_written, due));
        }
    }

    public void Dispose()
    {
        _members.ForEach(member => member.Dispose());
        _writers.ForEach(writer => writer.Dispose());
    }
}
