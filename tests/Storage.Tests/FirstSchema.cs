namespace OrleansSync.Storage.Tests;

/// <summary>A file as the first version of the schema left it: a live record, a tombstone, a refused write of nothing, an index.</summary>
internal static class FirstSchema
{
    public const string File = """
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

        insert into collections values(1, 'todos', 1, cast('{"TombstoneDays":3,"Indexes":["n"]}' as blob));
        insert into feeds values(1, 1, 0, 1, 'als6kalp', 3, 0, 1, 1);
        insert into records values(
            1, 1, 'b', 1, 3, 2, 639310953120000000, 'ada', 'phone-1', null, 2, 3, 639310953120000000, null,
            x'010203', null, cast('{"n":1}' as blob));
        insert into records values(
            2, 1, 'a', 1, 2, 1, 639310953120000000, 'ada', 'phone-1', 'w-2', 1, 2, null, null, x'010203', cast('{"n":2}' as blob), null);
        insert into records values(3, 1, 'c', null, null, 0, 0, '', null, null, 1, 4, null, null, null, null, null);
        insert into history values(
            1, 1, 1, 0, 1, 639310953120000000, 0, -1841956184083923772,
            x'01010000e8bbb5ec49df082a0000000000000000e8bbb5ec49df08046164610870686f6e652d3104772d310461646100010100087b226e223a317d00');
        insert into history values(
            2, 2, 1, 0, 1, 639310953120000000, 1, -1841952885549039139,
            x'01010000e8bbb5ec49df082a0000000000000000e8bbb5ec49df08046164610870686f6e652d3104772d320461646100010100087b226e223a327d0102'
            || x'6e010a74696d657374616d70066c61746572');
        insert into history values(
            3, 1, 2, 1, 2, 639310953120000000, 0, null,
            x'01050200e8bbb5ec49df082a0000000000000000e8bbb5ec49df08046164610870686f6e652d310004616461000000');
        insert into history values(
            4, 3, 1, 0, 0, 639310953120000000, 4, null,
            x'01180100e8bbb5ec49df082a0000000000000000e8bbb5ec49df08046164610870686f6e652d31000461646100000007736368656d61036e6f01026e09'
            || x'61206e756d626572');
        insert into indexes values(1, 1, 'n', 1);
        insert into field_index values(1, x'500380011500', 'a', 2);
        pragma user_version = 1;
        """;
}
