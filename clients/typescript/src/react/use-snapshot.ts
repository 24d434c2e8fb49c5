/** A subscription as React reads it: the same snapshot object until its content is another. */

import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { JsonObject } from '../protocol/wire.js';
import type { Snapshot } from '../replica.js';
import { useSyncClient } from './provider.js';

/** Before anything is known, and when rendering on a server. */
const nothing: Snapshot<never> = Object.freeze({ records: Object.freeze([]), upToDate: false });

export function useSnapshot<T extends object>(name: string, filter: JsonObject | undefined): Snapshot<T> {
  const client = useSyncClient();
  const collection = client.collection<T>(name);
  // A filter is written anew at each render; what it says is what counts.
  const text = filter && JSON.stringify(filter);
  const stable = useMemo(() => (text === undefined ? undefined : (JSON.parse(text) as JsonObject)), [text]);
  const subscribe = useCallback((changed: () => void) => collection.subscribe(stable, changed), [collection, stable]);
  const read = useCallback(() => collection.snapshot(stable) ?? (nothing as unknown as Snapshot<T>), [collection, stable]);
  return useSyncExternalStore(subscribe, read, () => nothing as unknown as Snapshot<T>);
}
