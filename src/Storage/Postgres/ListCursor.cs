using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Reads the rows of a leg a few at a time, as many as are about as large as a page: whoever has enough leaves, and the rest is never read by
/// the database.
/// </summary>
internal static class ListCursor
{
    private const int FetchBytes = 4 << 20;
    private const int FirstFetch = 200;
    private const int MostFetched = 2_000;

    /// <param name="wanted">How many the asker hopes to need.</param>
    public static async IAsyncEnumerable<Candidate> Read(Session session, Leg leg, int wanted)
    {
        var fetch = Math.Min(wanted, FirstFetch);
        await session.Run($"declare candidates no scroll cursor for {leg.Sql}", leg.Values);
        while (true)
        {
            var (rows, bytes) = (0, 0L);
            await using var command = new NpgsqlCommand($"fetch {fetch} from candidates", session.Connection);
            await using (var reader = await command.ExecuteReaderAsync(session.Cancel))
            {
                while (await reader.ReadAsync(session.Cancel))
                {
                    var candidate = Candidate.Read(reader);
                    (rows, bytes) = (rows + 1, bytes + candidate.Bytes);
                    yield return candidate;
                }
            }
            if (rows < fetch)
                break;
            fetch = (int)Math.Clamp(FetchBytes * (long)rows / Math.Max(1, bytes), 1, MostFetched);
        }
        await session.Run("close candidates");
    }
}
