/** The browser's store: one database for each server, author and client; a page of a feed and its cursor in one transaction. */

import type { Json, Write } from '../protocol/wire.js';
import { inOrder, type ReplicaBatch, type Row, type Store, type StoreBatch, type StoredReplica } from './store.js';

type Head = { key: string; cursor?: string; caughtUp: boolean; used: number };

/** A database of another version is one that this code cannot read: it is made anew but for its writes. */
const schema = 1;

export class IndexedDbStore implements Store {
  private database: IDBDatabase | undefined;

  /** @param factory `globalThis.indexedDB` unless told. */
  constructor(private readonly factory: IDBFactory = globalThis.indexedDB) {}

  async open(scope: string): Promise<void> {
    this.database?.close();
    const request = this.factory.open(`orleans-sync ${scope}`, schema);
    request.onupgradeneeded = () => {
      const names = request.result.objectStoreNames;
      if (!names.contains('writes')) request.result.createObjectStore('writes', { keyPath: 'id' });
      for (const name of ['meta', 'replicas', 'rows']) if (names.contains(name)) request.result.deleteObjectStore(name);
      request.result.createObjectStore('meta');
      request.result.createObjectStore('replicas', { keyPath: 'key' });
      request.result.createObjectStore('rows');
    };
    this.database = await done(request);
    // A newer version of the application wants to change the database: do not stand in its way.
    this.database.onversionchange = () => this.close();
  }

  async meta(): Promise<{ readonly [name: string]: Json }> {
    const store = this.transaction(['meta'], 'readonly').objectStore('meta');
    const [names, values] = await Promise.all([done(store.getAllKeys()), done(store.getAll())]);
    return Object.fromEntries(names.map((name, i) => [String(name), values[i] as Json]));
  }

  async writes(): Promise<Write[]> {
    return inOrder((await done(this.transaction(['writes'], 'readonly').objectStore('writes').getAll())) as Write[]);
  }

  async replica(key: string): Promise<StoredReplica | undefined> {
    const transaction = this.transaction(['replicas', 'rows'], 'readonly');
    const [head, rows] = await Promise.all([
      done(transaction.objectStore('replicas').get(key)) as Promise<Head | undefined>,
      done(transaction.objectStore('rows').getAll(allOf(key))) as Promise<Row[]>,
    ]);
    return head && { cursor: head.cursor, caughtUp: head.caughtUp, rows };
  }

  async replicas(): Promise<string[]> {
    const heads = (await done(this.transaction(['replicas'], 'readonly').objectStore('replicas').getAll())) as Head[];
    return heads.sort((a, b) => a.used - b.used).map((head) => head.key);
  }

  commit(batch: StoreBatch): Promise<void> {
    const transaction = this.transaction(['meta', 'writes', 'replicas', 'rows'], 'readwrite');
    const writes = transaction.objectStore('writes');
    for (const write of batch.writes ?? []) writes.put(write);
    for (const id of batch.settled ?? []) writes.delete(id);
    for (const each of batch.replicas ?? []) take(each, transaction);
    for (const [name, value] of Object.entries(batch.meta ?? {})) transaction.objectStore('meta').put(value, name);
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The browser gave up a transaction.'));
    });
  }

  close(): void {
    this.database?.close();
    this.database = undefined;
  }

  private transaction(stores: string[], mode: IDBTransactionMode): IDBTransaction {
    if (!this.database) throw new Error('The store is closed.');
    return this.database.transaction(stores, mode);
  }
}

function take(batch: ReplicaBatch, transaction: IDBTransaction): void {
  const rows = transaction.objectStore('rows');
  const heads = transaction.objectStore('replicas');
  if (batch.clear || batch.drop) rows.delete(allOf(batch.key));
  if (batch.drop) {
    heads.delete(batch.key);
    return;
  }
  for (const row of batch.rows) rows.put(row, [batch.key, row.id]);
  for (const id of batch.forget ?? []) rows.delete([batch.key, id]);
  heads.put({ key: batch.key, cursor: batch.cursor, caughtUp: batch.caughtUp, used: Date.now() } satisfies Head);
}

function allOf(key: string): IDBKeyRange {
  // An array sorts after every string: this is the whole of one replica.
  return IDBKeyRange.bound([key], [key, []]);
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
