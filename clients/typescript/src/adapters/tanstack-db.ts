/** OrleansSync as a collection of TanStack DB: live queries over records that others change too, optimistic and offline. */

import type { CollectionConfig, SyncConfig } from '@tanstack/db';
import type { SyncClient } from '../client.js';
import type { Edit } from '../edit.js';
import { diff } from '../protocol/diff.js';
import type { JsonObject, SyncRecord } from '../protocol/wire.js';

/** A row of the collection: the record's data, and its id. */
export type Item<T> = T & { id: string };

export interface TanStackOptions {
  readonly client: SyncClient;
  /** The collection on the server. */
  readonly collection: string;
  readonly filter?: JsonObject;
}

/**
 * Options for `createCollection`. A transaction is done when its edits are in the local store: from then on the client holds them over what the
 * server says, and takes them back if they are refused (`client.onRefused` tells).
 */
export function orleansSyncCollectionOptions<T extends object>({ client, collection, filter }: TanStackOptions): CollectionConfig<Item<T>, string> {
  const records = client.collection<T>(collection);
  const sync: SyncConfig<Item<T>, string>['sync'] = ({ begin, write, commit, markReady }) => {
    const known = new Set<string>();
    return records.subscribe(filter, (snapshot, { upserted, removed }) => {
      begin();
      for (const record of upserted) {
        write({ type: known.has(record.id) ? 'update' : 'insert', value: itemOf(record) });
        known.add(record.id);
      }
      for (const id of removed) if (known.delete(id)) write({ type: 'delete', key: id });
      commit();
      if (snapshot.upToDate) markReady();
    });
  };
  return {
    id: `orleans-sync:${collection}${filter ? JSON.stringify(filter) : ''}`,
    getKey: (item) => item.id,
    sync: { sync, rowUpdateMode: 'full' },
    onInsert: ({ transaction }) => saved(transaction.mutations.map(({ key, modified }) => records.put(key, dataOf(modified)))),
    onUpdate: ({ transaction }) => saved(transaction.mutations.map(({ key, original, modified }) => records.patch(key, changes(original, modified) as never))),
    onDelete: ({ transaction }) => saved(transaction.mutations.map(({ key }) => records.delete(key))),
  };
}

async function saved<T>(edits: readonly Edit<T>[]): Promise<void> {
  await Promise.all(edits.map((edit) => edit.saved));
}

function itemOf<T>(record: SyncRecord<T>): Item<T> {
  return { ...record.data, id: record.id };
}

function dataOf<T extends object>({ id: _, ...data }: Item<T>): T {
  return data as unknown as T;
}

function changes<T extends object>(original: Item<T>, modified: Item<T>): JsonObject {
  return diff(dataOf(original) as JsonObject, dataOf(modified) as JsonObject);
}
