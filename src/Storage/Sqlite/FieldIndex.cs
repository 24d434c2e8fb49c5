using OrleansSync.Protocol;

namespace OrleansSync.Storage.Sqlite;

/// <summary>Keeps the index of fields in step with the records. Belongs to the writing connection.</summary>
internal sealed class FieldIndex
{
    public void Begin(long collection) { }

    public void Move(long record, bool existed, RecordVersion view) { }
}
