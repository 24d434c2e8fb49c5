/** The client that the hooks below it use. Whoever made the client closes it. */

import { createContext, createElement, type ReactNode, useContext } from 'react';
import type { SyncClient } from '../client.js';
import { SyncError } from '../protocol/failure.js';

const Context = createContext<SyncClient | undefined>(undefined);

export function SyncProvider({ client, children }: { client: SyncClient; children?: ReactNode }): ReactNode {
  return createElement(Context.Provider, { value: client }, children);
}

export function useSyncClient(): SyncClient {
  const client = useContext(Context);
  if (!client) throw new SyncError('malformed', 'There is no <SyncProvider client={…}> above this component.');
  return client;
}
