using HdrHistogram;

namespace OrleansSync.Load.Peers;

/// <summary>A client that replaces records, on a connection of its own.</summary>
internal interface IWriter : IDisposable
{
    long Answered { get; }

    /// <summary>How many of the answers said no.</summary>
    long Refused { get; }

    /// <summary>Where the time from sending to the answer is noted, in whole microseconds; null = nowhere.</summary>
    HistogramBase? AnswerTimes { get; set; }

    /// <summary>Sends one write and is done when it is answered. Several may be under way.</summary>
    Task Write(Write write);

    /// <summary>Keeps a number of writes under way until it is stopped and all are answered. Not together with <see cref="Write"/>.</summary>
    /// <param name="next">The n-th write of this writer, from 1; called by one thread at a time.</param>
    Task Run(int inFlight, Func<int, Write> next, CancellationToken stop);
}

/// <summary>A record by its number, and what it shall hold: a JSON object in UTF-8, sent as it is.</summary>
internal readonly record struct Write(int Record, byte[] Data);
