namespace OrleansSync.Storage.Sqlite;

/// <summary>
/// A few threads, each with its own connection, that do what waits in one bounded queue: SQLite calls block, and grains must not.
/// </summary>
internal sealed class ReadLane : IDisposable
{
    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly Queue<ReadJob> _waiting = new();
    private readonly Thread[] _threads;
    private bool _closed;

    public ReadLane(string name, int threads, SqliteStoreOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _threads = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = $"{name} {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Answers what <paramref name="read"/> finds in one consistent moment, not before it was asked for.</summary>
    public Task<T> Run<T>(Func<Reader, T> read, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return Task.FromCanceled<T>(cancel);
        var job = new ReadJob<T>(read, cancel);
        return TryEnqueue(job)
            ? job.Task
            : Task.FromException<T>(new StoreUnavailableException("The store is closed, or too many reads are waiting for it."));
    }

    private void Work()
    {
        Reader? reader = null;
        while (Next() is { } job)
        {
            try
            {
                reader ??= Reader.Open(_options, _clock);
            }
            catch (Exception failure)
            {
                job.Fail(failure);
                continue;
            }
            job.Run(reader);
        }
        reader?.Dispose();
    }

    private bool TryEnqueue(ReadJob job)
    {
        lock (_waiting)
        {
            if (_closed || _waiting.Count >= _options.WaitingReads)
                return false;
            _waiting.Enqueue(job);
            Monitor.Pulse(_waiting);
            return true;
        }
    }

    private ReadJob? Next()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0)
            {
                if (_closed)
                    return null;
                Monitor.Wait(_waiting);
            }
            return _waiting.Dequeue();
        }
    }

    /// <summary>Does what is still waiting, then ends.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _closed = true;
            Monitor.PulseAll(_waiting);
        }
        foreach (var thread in _threads)
            thread.Join();
    }

    private abstract class ReadJob
    {
        public abstract void Run(Reader reader);
        public abstract void Fail(Exception failure);
    }

    private sealed class ReadJob<T>(Func<Reader, T> read, CancellationToken cancel) : ReadJob
    {
        // Whoever waits goes on elsewhere: these threads only read.
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Task => _answer.Task;

        public override void Run(Reader reader)
        {
            if (cancel.IsCancellationRequested)
            {
                _answer.TrySetCanceled(cancel);
                return;
            }
            try
            {
                _answer.TrySetResult(reader.InOneMoment(read));
            }
            catch (OperationCanceledException canceled)
            {
                _answer.TrySetCanceled(canceled.CancellationToken);
            }
            catch (Exception failure)
            {
                Fail(failure);
            }
        }

        public override void Fail(Exception failure) =>
            _answer.TrySetException(failure is SqliteFailure ? new StoreUnavailableException(failure.Message, failure) : failure);
    }
}
