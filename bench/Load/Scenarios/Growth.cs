using OrleansSync.Load.Measures;
using OrleansSync.Load.Peers;

namespace OrleansSync.Load.Scenarios;

/// <summary>Double, and double again: whether what an operation costs grows at most as fast as the thing that grows. Ours alone.</summary>
internal sealed class Growth : IScenario
{
    // What many records may add to the cost of an operation.
    private const double Alike = 0.2;

    public string Name => "growth";
    public string Description => "what operations cost while subscribers, records, partitions and bytes double and double again";
    public IReadOnlyList<Setting> Settings { get; } = [Setting.Seconds.Of(3), Setting.WarmUp.Of(2), Setting.Seed, Setting.MostSubscribers, Setting.MostRecords];
    public bool TakesTarget => false;
    public bool InAll => false;

    public async Task Run(LoadRun run, Options options)
    {
        foreach (var axis in new GrowthAxis[] { new SubscriberGrowth(), new RecordGrowth(), new PartitionGrowth(), new PayloadGrowth() })
        {
            var sizes = axis.Sizes(options).ToArray();
            foreach (var size in sizes)
                if (axis.Lacks(size) is { } why)
                    run.Skip($"{Name}, {size:N0} {axis.Of}: {why}");
            await run.With(options.Ours, 1, server => Grow(run, axis, [.. sizes.Where(size => axis.Lacks(size) is null)], server, options));
        }
    }

    /// <returns>The last of the row; those before are added to what was found.</returns>
    private async Task<Measurement> Grow(LoadRun run, GrowthAxis axis, int[] sizes, ILiveServer server, Options options)
    {
        // Until all code is compiled every step up would look cheap.
        await Measure(run, axis, sizes[0], server, options);
        var row = new List<Measurement>();
        foreach (var size in sizes)
        {
            var found = await Measure(run, axis, size, server, options);
            if (row is [.., var smaller]) found = Judge(found, smaller);
            if (size == sizes[^1] && row.Find(each => each.Size == new Size("records", RecordGrowth.Reference)) is { } reference) found = Held(found, reference);
            foreach (var line in Lines(found)) run.Line(line);
            if (row is [.., var done]) run.Add(done);
            row.Add(found);
        }

        return row[^1];
    }

    private async Task<Measurement> Measure(LoadRun run, GrowthAxis axis, int size, ILiveServer server, Options options)
    {
        var what = LoadRun.Blank(this, $"{size:N0} {axis.Of}", options.Ours, options, "operations") with { RateIsResult = false, Notes = [], Size = new(axis.Of, size) };
        run.Screen.Preparing(what.Case);
        return what with { Figures = await axis.Measure(new(run, what, server, options), size), Seconds = options.Seconds };
    }

    private static Measurement Judge(Measurement found, Measurement smaller)
    {
        var steep = Step.Between(smaller, found).Where(step => step.TooSteep).ToArray();
        return steep.Length == 0 ? found : found with { Notes = [.. found.Notes, $"more than straight growth from {smaller.Case}: {string.Join(", ", steep.AsEnumerable())}"] };
    }

    /// <summary>With how it compares to the size that many records are held against.</summary>
    private static Measurement Held(Measurement found, Measurement reference)
    {
        var steps = Step.Between(reference, found).ToArray();
        var beyond = steps.Count(step => step.Ratio > 1 + Alike);
        return found with { Notes = [.. found.Notes, $"against {reference.Case}: {string.Join(", ", steps.AsEnumerable())}; {(beyond == 0 ? "none" : $"{beyond}")} beyond + 20 %"] };
    }

    private static IEnumerable<string> Lines(Measurement found) =>
    [
        found.Case,
        .. found.Figures.Select(figure => FormattableString.Invariant($"  {figure.Name,-40}{figure.Value,12:0.000} {figure.Unit}")),
        .. found.Notes.Select(note => $"  {note}"),
    ];
}
