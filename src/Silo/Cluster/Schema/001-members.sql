-- Who is a member of which cluster. A version counts the changes, so that two members never change it on the same ground.
create table cluster_versions (
    cluster text primary key,
    version int not null
);

create table cluster_members (
    cluster text not null references cluster_versions on delete cascade,
    address text not null,
    port int not null,
    generation int not null,
    siloname text not null,
    hostname text not null,
    status int not null,
    proxyport int not null,
    suspecttimes text,
    starttime timestamptz not null,
    iamalivetime timestamptz not null,
    primary key (cluster, address, port, generation)
);

-- Orleans asks this table what to say to the two above.
create table orleansquery (
    querykey text primary key,
    querytext text not null
);

insert into orleansquery values
('GatewaysQueryKey', '
    select address, proxyport, generation from cluster_members
    where cluster = @DeploymentId and status = @Status and proxyport > 0'),

('MembershipReadAllKey', '
    select v.version, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime
    from cluster_versions v left join cluster_members m using (cluster)
    where v.cluster = @DeploymentId'),

('MembershipReadRowKey', '
    select v.version, m.address, m.port, m.generation, m.siloname, m.hostname, m.status, m.proxyport, m.suspecttimes, m.starttime, m.iamalivetime
    from cluster_versions v left join cluster_members m
        on m.cluster = v.cluster and m.address = @Address and m.port = @Port and m.generation = @Generation
    where v.cluster = @DeploymentId'),

('InsertMembershipVersionKey', '
    with made as (
        insert into cluster_versions values (@DeploymentId, 0) on conflict do nothing returning 1)
    select exists (select from made)'),

('InsertMembershipKey', '
    with turned as (
        update cluster_versions set version = version + 1
        where cluster = @DeploymentId and version = @Version and not exists (
            select from cluster_members
            where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster),
    added as (
        insert into cluster_members (cluster, address, port, generation, siloname, hostname, status, proxyport, starttime, iamalivetime)
        select cluster, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime from turned
        returning 1)
    select exists (select from added)'),

('UpdateMembershipKey', '
    with turned as (
        update cluster_versions set version = version + 1
        where cluster = @DeploymentId and version = @Version and exists (
            select from cluster_members
            where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation)
        returning cluster),
    changed as (
        update cluster_members m set status = @Status, suspecttimes = @SuspectTimes, iamalivetime = @IAmAliveTime
        from turned
        where m.cluster = turned.cluster and m.address = @Address and m.port = @Port and m.generation = @Generation
        returning 1)
    select exists (select from changed)'),

('UpdateIAmAlivetimeKey', '
    update cluster_members set iamalivetime = @IAmAliveTime
    where cluster = @DeploymentId and address = @Address and port = @Port and generation = @Generation'),

('CleanupDefunctSiloEntriesKey', '
    delete from cluster_members where cluster = @DeploymentId and status <> 3 and iamalivetime < @IAmAliveTime'),

('DeleteMembershipTableEntriesKey', '
    delete from cluster_versions where cluster = @DeploymentId');
