/** A record as its user sees it: the server's, with one's own pending edits done once more on top. */

import { applyWrite } from './protocol/merge.js';
import type { JsonObject, SyncRecord, Write } from './protocol/wire.js';

/** Undefined where there is then no live record. Without pending writes it is the server's record itself. */
export function overlaid(id: string, below: SyncRecord | undefined, pending: readonly Write[]): SyncRecord | undefined {
  const last = pending[pending.length - 1];
  if (!last) return below;
  let data: JsonObject | undefined = below?.data;
  for (const write of pending) data = applyWrite(data, write);
  if (data === undefined) return undefined;
  return {
    id,
    version: below?.version ?? 0,
    timestamp: last.timestamp,
    author: below?.author ?? '',
    ...(last.client && { client: last.client }),
    data,
    ...(below?.conflict && { conflict: below.conflict }),
    pending: true,
  };
}
