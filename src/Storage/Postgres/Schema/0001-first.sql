-- Names and ids are compared byte by byte, whatever the database's locale. Instants are ticks of 100 ns.

create table collections(
    key bigint generated always as identity primary key,
    name text collate "C" not null unique,
    revision bigint not null,
    settings bytea not null,
    -- Rises when the set of indexed paths changes. Feeds carry it too: a commit looks at its feed anyway.
    indexing bigint not null default 0);

create table feeds(
    key bigint generated always as identity primary key,
    collection bigint not null,
    partition integer not null,
    epoch bigint not null,
    incarnation text collate "C" not null,
    owner text collate "C",
    head bigint not null,
    floor bigint not null,
    records bigint not null,
    tombstones bigint not null,
    conflicts bigint not null,
    indexing bigint not null,
    unique(collection, partition)) with (fillfactor = 50);

-- A record row is its place in the feed (feed, seq); both null while it has none: it never made a version, or is forgotten. last is the number of
-- its newest history entry; merge null = no state. sweep_at is set when the history has grown past what is always kept, tombstone_at when the
-- record became a tombstone, conflict_since while a conflict is open: mark is how far that has come, conflict the whole of it, of which a version that
-- leaves the candidates as they are writes nothing again.
create table records(
    collection bigint not null,
    id text collate "C" not null,
    feed bigint,
    seq bigint,
    version bigint not null,
    edited_at bigint not null,
    author text collate "C" not null,
    client text collate "C",
    write text collate "C",
    last bigint not null,
    tombstone_at bigint,
    sweep_at bigint,
    conflict_since bigint,
    merge bytea,
    data bytea,
    hidden bytea,
    mark bytea,
    conflict bytea,
    primary key(collection, id));

create unique index records_by_place on records(feed, seq) where seq is not null;
create index records_by_tombstone on records(collection, tombstone_at) where tombstone_at is not null and conflict_since is null;
create index records_by_sweep on records(collection, sweep_at) where sweep_at is not null;
create index records_by_conflict on records(collection, id) where conflict_since is not null;
create index records_by_conflict_age on records(collection, conflict_since, id) where conflict_since is not null;

create table history(
    collection bigint not null,
    id text collate "C" not null,
    number bigint not null,
    version bigint not null,
    recorded_at bigint not null,
    outcome smallint not null,
    hash bigint,
    forgotten boolean not null,
    entry bytea not null,
    primary key(collection, id, number));

create table indexes(
    key bigint generated always as identity primary key,
    collection bigint not null,
    path text collate "C" not null,
    state smallint not null,
    unique(collection, path));

-- sort_key is cut where it is too long for an index; then one byte longer than the longest whole one.
create table field_index(
    path bigint not null,
    id text collate "C" not null,
    sort_key bytea not null,
    primary key(path, id));

create unique index field_index_by_key on field_index(path, sort_key, id);

-- Ends a transaction whose premises do not hold, with everything that was sent along behind it.
create function refuse(code text) returns boolean language plpgsql as
    'begin raise exception ''refused'' using errcode = code; end';
