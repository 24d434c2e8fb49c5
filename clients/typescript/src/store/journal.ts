/** Writes to the store one batch at a time; what comes meanwhile waits as one batch, so that a slow disk costs no queue. */

import type { Json, Write } from '../protocol/wire.js';
import type { ReplicaBatch, Row, Store, StoreBatch } from './store.js';

class Waiting {
  readonly writes = new Map<string, Write>();
  readonly settled = new Set<string>();
  readonly replicas = new Map<string, { clear: boolean; drop: boolean; rows: Map<string, Row>; forget: Set<string>; cursor?: string; caughtUp: boolean }>();
  meta: { [name: string]: Json } = {};
}

export class Journal {
  private waiting: Waiting | undefined;
  private next: Promise<void> = Promise.resolve();
  private readonly broken = new Set<string>();

  constructor(
    private readonly store: Promise<Store>,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Resolves when it is in the store. */
  commit(batch: StoreBatch): Promise<void> {
    if (!this.waiting) {
      this.waiting = new Waiting();
      const turn = this.next.then(() => this.flush());
      turn.catch(this.failed);
      this.next = turn.catch(() => {});
      this.current = turn;
    }
    merge(this.waiting, batch);
    return this.current;
  }

  /** Resolves when nothing waits. */
  idle(): Promise<void> {
    return this.next;
  }

  private current: Promise<void> = Promise.resolve();

  private async flush(): Promise<void> {
    const waiting = this.waiting!;
    this.waiting = undefined;
    const replicas = [...waiting.replicas].map(([key, each]) => this.sound({ ...each, key, rows: [...each.rows.values()], forget: [...each.forget] }));
    try {
      await (await this.store).commit({ writes: [...waiting.writes.values()], settled: [...waiting.settled], replicas, meta: waiting.meta });
    } catch (error) {
      for (const each of replicas) this.broken.add(each.key);
      throw error;
    }
  }

  /** A replica of which a page is missing must not be found again with a later cursor: it goes, and is read anew after the next start. */
  private sound(batch: ReplicaBatch): ReplicaBatch {
    return this.broken.has(batch.key) ? { key: batch.key, drop: true, rows: [], caughtUp: false } : batch;
  }
}

function merge(into: Waiting, batch: StoreBatch): void {
  for (const write of batch.writes ?? []) into.writes.set(write.id, write);
  for (const id of batch.settled ?? []) {
    into.writes.delete(id);
    into.settled.add(id);
  }
  Object.assign(into.meta, batch.meta);
  for (const each of batch.replicas ?? []) mergeReplica(into, each);
}

function mergeReplica(into: Waiting, batch: ReplicaBatch): void {
  const before = batch.clear || batch.drop ? undefined : into.replicas.get(batch.key);
  const rows = before?.rows ?? new Map<string, Row>();
  const forget = before?.forget ?? new Set<string>();
  for (const row of batch.rows) {
    rows.set(row.id, row);
    forget.delete(row.id);
  }
  for (const id of batch.forget ?? []) {
    rows.delete(id);
    forget.add(id);
  }
  const clear = (batch.clear ?? false) || (before?.clear ?? false);
  into.replicas.set(batch.key, { clear, drop: batch.drop ?? false, rows, forget, cursor: batch.cursor, caughtUp: batch.caughtUp });
}
