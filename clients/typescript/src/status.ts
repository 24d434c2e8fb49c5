/** How things stand between client and server, as the application shows it. */

import type { TransportName } from './transport/transport.js';

export interface Status {
  /** `unauthorized`: the server wants another token; edits wait. */
  readonly state: 'connecting' | 'online' | 'offline' | 'unauthorized' | 'closed';
  readonly transport?: TransportName;
  /** How many edits are not answered yet. */
  readonly pending: number;
  readonly lastError?: { readonly code: string; readonly message: string };
  /** False in a tab for which another one speaks with the server. */
  readonly leads: boolean;
}

export function sameStatus(a: Status, b: Status): boolean {
  return (
    a.state === b.state &&
    a.transport === b.transport &&
    a.pending === b.pending &&
    a.leads === b.leads &&
    a.lastError?.code === b.lastError?.code &&
    a.lastError?.message === b.lastError?.message
  );
}
