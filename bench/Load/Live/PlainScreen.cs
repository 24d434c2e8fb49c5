namespace OrleansSync.Load.Live;

/// <summary>Plain lines, a few a minute, for logs and pipes.</summary>
internal sealed class PlainScreen(TextWriter to, TimeProvider time) : IScreen
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly Lock _turn = new();
    private string _shown = "";
    private long _at;

    public Task While(Func<Task> work) => work();

    public void Line(string text)
    {
        lock (_turn) to.WriteLine(text);
    }

    public void Preparing(string what) => Line($"  … {what}");

    /// <summary>At once when something else is measured, else now and then.</summary>
    public void Show(Progress progress)
    {
        lock (_turn)
        {
            var what = $"{progress.Title}, {progress.Phase}";
            if (what == _shown && time.GetElapsedTime(_at) < Pace) return;
            (_shown, _at) = (what, time.GetTimestamp());
            to.WriteLine(string.Join("   ", new[] { $"  … {what}", progress.Rate, progress.Latency, progress.Cost }.Where(part => part.Length > 0)));
        }
    }
}
