namespace OrleansSync.Storage.Postgres;

/// <summary>Rows made of array parameters of one length: what the statements of a commit take, whatever the number of records.</summary>
internal static class ArrayRows
{
    /// <summary>
    /// A subquery over $1, $2 … in the order of the columns, each named with the type of its array's elements. In a select list arrays are handed on
    /// value by value; after <c>from</c> each would first be stored, for three times the cost.
    /// </summary>
    /// <param name="columns">As in <c>("id", "text")</c>.</param>
    public static string Of(params (string Name, string Type)[] columns) =>
        $"(select {string.Join(", ", columns.Select((column, place) => $"unnest(${place + 1}::{column.Type}[]) as {column.Name}"))})";
}
