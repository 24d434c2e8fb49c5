using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansSync.Grains.Merging;

namespace OrleansSync.Grains.Tests.Records;

/// <summary>A policy that does what a test tells it to.</summary>
internal sealed class UnrulyPolicy : ICustomPolicy
{
    public string Name => "unruly";

    public Func<ContestedPath, JsonElement?> Does { get; set; } = path => path.Current.Value;

    public JsonElement? Resolve(ContestedPath path) => Does(path);
}

/// <summary>What our own code told the operator.</summary>
internal sealed class KeptLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Category(categoryName.StartsWith("OrleansSync", StringComparison.Ordinal) ? _lines : null);

    public void Dispose()
    {
    }

    private sealed class Category(ConcurrentQueue<string>? lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel level) => lines is not null && level >= LogLevel.Warning;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? failure, Func<TState, Exception?, string> format)
        {
            if (IsEnabled(level)) lines!.Enqueue($"{level}: {format(state, failure)} {failure?.Message}");
        }
    }
}
