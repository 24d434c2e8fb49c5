-- Who follows which stream: what the grains of Orleans' publish and subscribe keep, a row each.
create table stream_subscriptions (
    service text not null,
    stream text not null,
    revision bigint not null,
    state bytea not null,
    primary key (service, stream)
);
