/** One record as it changes, and what can be done with it. */

import { useMemo } from 'react';
import type { Patch } from '../collection.js';
import type { Edit } from '../edit.js';
import type { SyncError } from '../protocol/failure.js';
import type { JsonObject, SyncRecord } from '../protocol/wire.js';
import { useSyncClient } from './provider.js';
import { useSnapshot } from './use-snapshot.js';

export interface RecordResult<T> {
  /** Undefined where there is none, or nothing is known yet (`upToDate` tells). */
  readonly record: SyncRecord<T> | undefined;
  readonly upToDate: boolean;
  readonly error?: SyncError;
  put(data: T): Edit<T>;
  patch(changes: Patch<T>): Edit<T>;
  increment(path: string, by?: number): Edit<T>;
  remove(): Edit<T>;
}

export function useRecord<T extends object = JsonObject>(collection: string, id: string): RecordResult<T> {
  const client = useSyncClient();
  const snapshot = useSnapshot<T>(collection, { $id: id });
  const edits = useMemo(() => {
    const records = client.collection<T>(collection);
    return {
      put: (data: T) => records.put(id, data),
      patch: (changes: Patch<T>) => records.patch(id, changes),
      increment: (path: string, by?: number) => records.increment(id, path, by),
      remove: () => records.delete(id),
    };
  }, [client, collection, id]);
  return useMemo(
    () => ({ record: snapshot.records[0], upToDate: snapshot.upToDate, ...(snapshot.error && { error: snapshot.error }), ...edits }),
    [snapshot, edits],
  );
}
