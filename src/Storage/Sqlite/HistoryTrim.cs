namespace OrleansSync.Storage.Sqlite;

/// <summary>Takes entries out of a record's history and closes the chain over the gaps. Belongs to the writing connection.</summary>
internal sealed class HistoryTrim(Database database)
{
    private readonly Statement _delete = database.Prepare("delete from history where key = ?");
    private readonly Statement _link = database.Prepare("update history set previous = ? where key = ?");
    private readonly Statement _blank = database.Prepare("update history set entry = ? where key = ?");
    private readonly HistoryRows _rows = new(database);
    private readonly ColumnWriter _column = new();

    /// <summary>
    /// Goes over the history from its newest entry, which stays as the beginning of the chain whatever its fate. False when the rows of the budget were
    /// spent before its end: the rest is for another call. Looks are counted, but one history is always looked through.
    /// </summary>
    public bool Trim(long record, long newest, IHistoryKeeping keeping, SweepBudget budget)
    {
        var (kept, gap) = (0L, false);
        for (var key = newest; _rows.Find(record, key) is { } row; key = row.Previous)
        {
            budget.Looks--;
            var fate = keeping.FateOf(row.Version, row.RecordedAt, row.Outcome, row.Hash is not null);
            if (key == newest && fate == HistoryFate.Goes)
                fate = HistoryFate.Blanked;
            if (fate != HistoryFate.Stays && budget.Rows <= 0)
            {
                _rows.Leave();
                CloseGap(kept, gap, key);
                return false;
            }
            if (fate == HistoryFate.Goes)
            {
                Delete(key, budget);
                gap = true;
                continue;
            }
            if (fate == HistoryFate.Blanked)
                Blank(row, budget);
            CloseGap(kept, gap, key);
            (kept, gap) = (key, false);
        }
        CloseGap(kept, gap, 0);
        return true;
    }

    /// <summary>Blanks everything from an entry on back.</summary>
    public void BlankAll(long record, long newest)
    {
        var unbounded = new SweepBudget { Rows = int.MaxValue };
        for (var key = newest; _rows.Find(record, key) is { } row; key = row.Previous)
            if (!Blank(row, unbounded))
                break;
        _rows.Leave();
    }

    /// <summary>False when the entry is blank already, and so is what came before it.</summary>
    private bool Blank(HistoryRow row, SweepBudget budget)
    {
        var entry = _rows.ReadEntry(row);
        if (entry.Forgotten)
            return false;
        _rows.Leave();
        _column.Clear();
        EntryColumn.Write(_column, EntryColumn.Blank(entry));
        _blank.Bind(1, _column.Written).Bind(2, row.Key).Run();
        budget.Rows--;
        return true;
    }

    private void Delete(long key, SweepBudget budget)
    {
        _rows.Leave();
        _delete.Bind(1, key).Run();
        budget.Rows--;
    }

    private void CloseGap(long kept, bool gap, long next)
    {
        if (gap && kept != 0)
            _link.Bind(1, next).Bind(2, kept).Run();
    }
}
