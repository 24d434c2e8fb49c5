/** The records of a collection that meet a filter, in an order, as they change. */

import { useMemo } from 'react';
import { inOrderOf } from '../order.js';
import type { SyncError } from '../protocol/failure.js';
import type { JsonObject, SyncRecord } from '../protocol/wire.js';
import { useSnapshot } from './use-snapshot.js';

export interface QueryOptions {
  readonly filter?: JsonObject;
  /** A path, `id`, `timestamp` or `version`, with `-` before it for the reverse. */
  readonly orderBy?: string;
  readonly limit?: number;
}

export interface QueryResult<T> {
  /** The same array until something in it changes. */
  readonly records: readonly SyncRecord<T>[];
  readonly upToDate: boolean;
  readonly error?: SyncError;
}

export function useQuery<T extends object = JsonObject>(collection: string, { filter, orderBy, limit }: QueryOptions = {}): QueryResult<T> {
  const snapshot = useSnapshot<T>(collection, filter);
  return useMemo(() => {
    if (orderBy === undefined && limit === undefined) return snapshot;
    const records = inOrderOf(snapshot.records, orderBy).slice(0, limit);
    return { ...snapshot, records };
  }, [snapshot, orderBy, limit]);
}
