using Spectre.Console;
using Spectre.Console.Rendering;

namespace OrleansSync.Load.Live;

/// <summary>A small panel at the foot of the terminal, with the results above it.</summary>
internal sealed class TerminalScreen(IAnsiConsole console) : IScreen
{
    private const int Points = 40;
    private static readonly string[] Bars = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

    private readonly Queue<double> _rates = new();
    private readonly Lock _turn = new();
    private LiveDisplayContext? _live;
    private string _title = "";

    public Task While(Func<Task> work) => console.Live(new Text("")).AutoClear(true).StartAsync(async live =>
    {
        _live = live;
        await work();
        _live = null;
    });

    public void Line(string text)
    {
        lock (_turn) console.WriteLine(text);
    }

    public void Preparing(string what) => Update(new Text($"… {what}", new Style(Color.Grey)));

    public void Show(Progress progress)
    {
        if (progress.Title != _title) _rates.Clear();
        _title = progress.Title;
        _rates.Enqueue(progress.PerSecond);
        if (_rates.Count > Points) _rates.Dequeue();
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row(grid, "now", $"{progress.Phase}, {progress.Left.TotalSeconds:0} s left");
        Row(grid, "rate", $"{progress.Rate}  {Spark()}");
        if (progress.Latency.Length > 0) Row(grid, "so far", progress.Latency);
        if (progress.Cost.Length > 0) Row(grid, "server", progress.Cost);
        Update(new Panel(grid).Header(Markup.Escape($" {progress.Title} ")).RoundedBorder().Expand());
    }

    private static void Row(Grid grid, string name, string value) => grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));

    private string Spark()
    {
        var most = Math.Max(1, _rates.Max());
        return string.Concat(_rates.Select(rate => Bars[(int)Math.Clamp(rate / most * (Bars.Length - 1), 0, Bars.Length - 1)]));
    }

    private void Update(IRenderable shown)
    {
        lock (_turn) _live?.UpdateTarget(shown);
    }
}
