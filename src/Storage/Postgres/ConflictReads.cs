using OrleansSync.Protocol;

namespace OrleansSync.Storage.Postgres;

/// <summary>Finds the conflicts that have waited long.</summary>
internal static class ConflictReads
{
    public static async Task<IReadOnlyList<OpenConflict>> Read(Session session, string collection, Timestamp openedUntil, int limit) =>
        await session.Rows(
            """
            select r.id, r.mark, r.conflict_since from records r
            where r.collection = (select key from collections where name = $1) and r.conflict_since <= $2
            order by r.conflict_since, r.id limit $3
            """,
            row => new OpenConflict(row.GetString(0), RecordColumns.ReadMark(row, 1).Id, new(row.GetInt64(2))),
            Value.Of(collection),
            Value.Of(openedUntil.Ticks),
            Value.Of(limit));
}
