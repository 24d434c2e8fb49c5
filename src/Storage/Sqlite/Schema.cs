namespace OrleansSync.Storage.Sqlite;

/// <summary>The tables, and how a file gets them. Layouts are chosen so that a commit touches as few pages as it can.</summary>
internal static class Schema
{
    // A record row is its place in the feed (feed, seq); both null while it has none: it never made a version, or is forgotten. `entry` is its
    // newest history row, `last` that one's number; merge null = no state. `sweep_at` (ticks) is set when the history has grown past what is
    // always kept, `tombstone_at` when the record became a tombstone: that is how the sweep finds them.
    //
    // History rows are appended in commit order and chained by `previous`, newest to oldest. An index by (record, number) would scatter one page
    // per write over the file: it halves the commits per second.
    private const string First = """
        create table collections(
            key integer primary key, name text not null unique, revision integer not null, settings blob not null);
        create table feeds(
            key integer primary key, collection integer not null, partition integer not null, epoch integer not null,
            incarnation text not null, head integer not null, floor integer not null,
            records integer not null, tombstones integer not null, unique(collection, partition));
        create table records(
            key integer primary key, collection integer not null, id text not null, feed integer, seq integer,
            version integer not null, timestamp integer not null, author text not null, client text, write text,
            last integer not null, entry integer not null, tombstone_at integer, sweep_at integer,
            merge blob, data blob, hidden blob);
        create unique index records_by_id on records(collection, id);
        create unique index records_by_place on records(feed, seq) where seq is not null;
        create index records_by_tombstone on records(collection, tombstone_at) where tombstone_at is not null;
        create index records_by_sweep on records(collection, sweep_at) where sweep_at is not null;
        create table history(
            key integer primary key, record integer not null, number integer not null, previous integer not null,
            version integer not null, recorded_at integer not null, outcome integer not null, hash integer, entry blob not null);
        create table indexes(
            key integer primary key, collection integer not null, path text not null, state integer not null, unique(collection, path));
        create table field_index(
            path integer not null, sort_key blob not null, id text not null, record integer not null,
            primary key(path, sort_key, id)) without rowid;
        """;

    // The open conflict is with the record's row, `conflict_since` (ticks) says when it was opened; both null while there is none, and then these
    // indexes cost nothing. The sweep's index leaves out tombstones whose conflict is open, however many they are.
    private const string Conflicts = """
        alter table feeds add column conflicts integer not null default 0;
        alter table records add column conflict_since integer;
        alter table records add column conflict blob;
        create index records_by_conflict on records(collection, id) where conflict_since is not null;
        create index records_by_conflict_age on records(collection, conflict_since, id) where conflict_since is not null;
        drop index records_by_tombstone;
        create index records_by_tombstone on records(collection, tombstone_at) where tombstone_at is not null and conflict_since is null;
        """;

    // Of an open conflict only its mark is in the record's row: the row of a record is written at each of its versions, and a conflict can be a megabyte
    // that hardly ever changes. `conflict` null although one is open: it is older than this layout, and its whole says what the mark would.
    private const string ConflictsApart = """
        create table conflicts(record integer primary key, whole blob not null);
        insert into conflicts(record, whole) select key, conflict from records where conflict_since is not null;
        update records set conflict = null where conflict_since is not null;
        """;

    // Who owns a feed, by name; null = nobody.
    private const string Owners = "alter table feeds add column owner text;";

    // Each leads from one version to the next, and is never changed once files have it. A new file takes them all: every file has one layout.
    private static readonly string[] Steps = [First, Conflicts, ConflictsApart, Owners];

    public static void CreateOrMigrate(Database database)
    {
        database.BeginWrite();
        try
        {
            var found = ReadVersion(database);
            if (found > Steps.Length)
                throw new StoreUnavailableException(
                    $"The database file was written by a newer version (schema {found}, this one knows {Steps.Length}): start that version.");
            for (var version = found; version < Steps.Length; version++)
                database.Execute($"{Steps[version]} pragma user_version = {version + 1};");
            database.Commit();
        }
        catch
        {
            database.Rollback();
            throw;
        }
    }

    private static long ReadVersion(Database database)
    {
        using var statement = database.PrepareOnce("pragma user_version");
        statement.Step();
        return statement.Long(0);
    }
}
