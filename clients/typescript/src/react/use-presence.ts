/** Who looks at or edits a record (or anything in a collection) just now; says so of oneself too, while the component is there. */

import { useCallback, useEffect, useSyncExternalStore } from 'react';
import type { Announcement } from '../presence.js';
import type { Person } from '../protocol/wire.js';
import { useSyncClient } from './provider.js';

const nobody: readonly Person[] = Object.freeze([]);

/** @param announcement what is said of oneself; left out: nothing. Needs a record. */
export function usePresence(collection: string, record?: string, announcement?: Announcement): readonly Person[] {
  const { presence } = useSyncClient();
  const said = announcement && JSON.stringify(announcement);
  useEffect(
    () => (said === undefined || record === undefined ? undefined : presence.announce(collection, record, JSON.parse(said) as Announcement)),
    [presence, collection, record, said],
  );
  const subscribe = useCallback((changed: () => void) => presence.watch(collection, record, changed), [presence, collection, record]);
  return useSyncExternalStore(
    subscribe,
    () => presence.people(collection, record),
    () => nobody,
  );
}
