/** A store that lasts as long as the object: for servers, for tests, and where a browser gives nothing better. */

import type { Json, Write } from '../protocol/wire.js';
import { inOrder, type ReplicaBatch, type Row, type Store, type StoreBatch, type StoredReplica } from './store.js';

type Scope = {
  meta: { [name: string]: Json };
  writes: Map<string, Write>;
  replicas: Map<string, { cursor?: string; caughtUp: boolean; rows: Map<string, Row> }>;
};

export class MemoryStore implements Store {
  private readonly scopes = new Map<string, Scope>();
  private current = empty();

  async open(scope: string): Promise<void> {
    this.current = this.scopes.get(scope) ?? empty();
    this.scopes.set(scope, this.current);
  }

  async meta(): Promise<{ readonly [name: string]: Json }> {
    return { ...this.current.meta };
  }

  async writes(): Promise<Write[]> {
    return inOrder([...this.current.writes.values()]);
  }

  async replica(key: string): Promise<StoredReplica | undefined> {
    const replica = this.current.replicas.get(key);
    return replica && { cursor: replica.cursor, caughtUp: replica.caughtUp, rows: [...replica.rows.values()] };
  }

  async replicas(): Promise<string[]> {
    return [...this.current.replicas.keys()];
  }

  async commit(batch: StoreBatch): Promise<void> {
    for (const write of batch.writes ?? []) this.current.writes.set(write.id, write);
    for (const id of batch.settled ?? []) this.current.writes.delete(id);
    for (const each of batch.replicas ?? []) this.take(each);
    Object.assign(this.current.meta, batch.meta);
  }

  close(): void {}

  private take(batch: ReplicaBatch): void {
    const replicas = this.current.replicas;
    const replica = batch.clear || batch.drop ? undefined : replicas.get(batch.key);
    replicas.delete(batch.key);
    if (batch.drop) return;
    const rows = replica?.rows ?? new Map<string, Row>();
    for (const row of batch.rows) rows.set(row.id, row);
    for (const id of batch.forget ?? []) rows.delete(id);
    replicas.set(batch.key, { cursor: batch.cursor, caughtUp: batch.caughtUp, rows });
  }
}

function empty(): Scope {
  return { meta: {}, writes: new Map(), replicas: new Map() };
}
