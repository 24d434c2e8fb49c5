/** The open conflicts of a collection, as they come and go. */

import { useCallback, useRef, useSyncExternalStore } from 'react';
import type { Disputed } from '../conflicts.js';
import type { JsonObject } from '../protocol/wire.js';
import { useSyncClient } from './provider.js';

const none: readonly Disputed<never>[] = Object.freeze([]);

export function useConflicts<T extends object = JsonObject>(collection: string): readonly Disputed<T>[] {
  const { conflicts } = useSyncClient().collection<T>(collection);
  const latest = useRef<readonly Disputed<T>[]>(none as unknown as Disputed<T>[]);
  const subscribe = useCallback(
    (changed: () => void) => {
      const end = conflicts.subscribe((open) => {
        if (open.length === 0 && latest.current.length === 0) return;
        latest.current = open;
        changed();
      });
      return () => {
        end();
        latest.current = none as unknown as Disputed<T>[];
      };
    },
    [conflicts],
  );
  return useSyncExternalStore(
    subscribe,
    () => latest.current,
    () => none as unknown as Disputed<T>[],
  );
}
