using OrleansSync.Gateway.Writes;

namespace OrleansSync.Gateway.Access;

/// <summary>
/// Where everything that is only read from grains is asked for: again while none answers, since a read is safe to repeat. Who reads while a
/// silo dies waits, and is not told of it.
/// </summary>
internal sealed class GrainReads(TimeProvider clock)
{
    /// <summary>The answer. Throws what the call throws: the last failure, when no grain has answered until the deadline.</summary>
    public async Task<T> Ask<T>(Func<Task<T>> read)
    {
        var asking = new Asking(clock);
        while (true)
        {
            try
            {
                return await read();
            }
            catch (Exception failure) when (GrainFailure.IsTransport(failure) && asking.MayGoOn)
            {
                // Asked again below.
            }
            await Task.Delay(asking.NextPause(), clock);
        }
    }
}
