using Npgsql;

namespace OrleansSync.Storage.Postgres;

/// <summary>
/// Reads the rows of a leg a few at a time, as many as are about as large as half a page: whoever has enough leaves, and the database never reads
/// the rest.
/// </summary>
internal static class ListCursor
{
    private const int FetchBytes = 4 << 20;
    private const int FirstFetch = 200;
    private const int MostFetched = 2_000;

    /// <param name="name">Of no other cursor of the transaction.</param>
    /// <param name="wanted">How many the asker hopes to need.</param>
    public static async IAsyncEnumerable<Candidate> Read(Session session, string name, Leg leg, int wanted)
    {
        var fetch = Math.Min(wanted, FirstFetch);
        for (var first = true; fetch > 0; first = false)
        {
            var (rows, bytes) = (0, 0L);
            await using var batch = new NpgsqlBatch(session.Connection);
            if (first)
                batch.Add($"declare {name} no scroll cursor for {leg.Sql}", leg.Values);
            batch.Add($"fetch {fetch} from {name}");
            await using (var reader = await batch.ExecuteReaderAsync(session.Cancel))
            {
                while (await reader.ReadAsync(session.Cancel))
                {
                    var candidate = Candidate.Read(reader);
                    (rows, bytes) = (rows + 1, bytes + candidate.Bytes);
                    yield return candidate;
                }
            }
            fetch = rows < fetch ? 0 : (int)Math.Clamp(FetchBytes * (long)rows / Math.Max(1, bytes), 1, MostFetched);
        }
    }
}
