/** What must survive a reload: pending writes, what the server said and up to which cursor, and a few words about this client. */

import type { Json, SyncRecord, Tombstone, Write } from '../protocol/wire.js';

/** What the server said of one record, as one replica holds it. A row without `record` remembers that it is gone since `version`. */
export interface Row {
  readonly id: string;
  readonly version: number;
  readonly record?: SyncRecord;
  /** What remains of it, where a conflict is open over it. */
  readonly tombstone?: Tombstone;
  /** Gone from this replica only: it may come back at the same version. */
  readonly left?: true;
  /** Known from an answer, not from the feed yet. */
  readonly answered?: true;
}

export interface StoredReplica {
  readonly cursor?: string;
  readonly caughtUp: boolean;
  readonly rows: readonly Row[];
}

export interface ReplicaBatch {
  readonly key: string;
  /** Forget all rows first; with `drop` the replica too. */
  readonly clear?: boolean;
  readonly drop?: boolean;
  readonly rows: readonly Row[];
  readonly forget?: readonly string[];
  readonly cursor?: string;
  readonly caughtUp: boolean;
}

/** Happens whole or not at all. */
export interface StoreBatch {
  readonly writes?: readonly Write[];
  readonly settled?: readonly string[];
  readonly replicas?: readonly ReplicaBatch[];
  readonly meta?: { readonly [name: string]: Json };
}

export interface Store {
  /** @param scope server, author and client name: stores of different scopes see nothing of each other. */
  open(scope: string): Promise<void>;
  meta(): Promise<{ readonly [name: string]: Json }>;
  /** In the order of their timestamps. */
  writes(): Promise<Write[]>;
  replica(key: string): Promise<StoredReplica | undefined>;
  /** The keys of all replicas, least recently used first. */
  replicas(): Promise<string[]>;
  commit(batch: StoreBatch): Promise<void>;
  close(): void;
}

export function inOrder(writes: Write[]): Write[] {
  return writes.sort((a, b) => (a.timestamp === b.timestamp ? (a.id < b.id ? -1 : 1) : a.timestamp < b.timestamp ? -1 : 1));
}
