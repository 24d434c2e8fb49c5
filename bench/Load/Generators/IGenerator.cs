using HdrHistogram;

namespace OrleansSync.Load.Generators;

/// <summary>Makes a share of a load, its connections all there: in this process, or in one of its own.</summary>
internal interface IGenerator : IAsyncDisposable
{
    long Answered { get; }

    /// <summary>How many of the answers said no.</summary>
    long Refused { get; }

    /// <summary>To its subscribers.</summary>
    long Deliveries { get; }

    /// <summary>Writes from here on.</summary>
    Task Begin();

    /// <summary>From here on the times from sending to the answer are noted, in whole microseconds.</summary>
    /// <param name="times">Has them all after <see cref="Still"/>, and perhaps before.</param>
    Task Note(HistogramBase times);

    /// <summary>Until here.</summary>
    Task Still();

    /// <summary>Writes no more.</summary>
    /// <param name="wait">Until everything is answered.</param>
    Task Stop(bool wait);
}
