/** How things stand between this client and the server. */

import { useCallback, useSyncExternalStore } from 'react';
import type { Status } from '../status.js';
import { useSyncClient } from './provider.js';

export function useSyncStatus(): Status {
  const client = useSyncClient();
  const subscribe = useCallback((changed: () => void) => client.onStatus(changed), [client]);
  return useSyncExternalStore(
    subscribe,
    () => client.status,
    () => client.status,
  );
}
