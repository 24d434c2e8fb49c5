/** Records in the order that lists have (protocol §3). */

import { compareText, compareValues } from './protocol/compare.js';
import { splitPath, valueAt } from './protocol/path.js';
import type { Json, SyncRecord } from './protocol/wire.js';

/** @param orderBy a path, `id`, `timestamp` or `version`, with `-` before it for the reverse; ties are in order of id. */
export function inOrderOf<T>(records: readonly SyncRecord<T>[], orderBy = 'id'): SyncRecord<T>[] {
  const sign = orderBy.startsWith('-') ? -1 : 1;
  const by = orderBy.replace(/^-/, '');
  const names = splitPath(by);
  const keyOf = (record: SyncRecord<T>): Json | undefined =>
    by === 'id' || by === 'version' || by === 'timestamp' ? record[by] : valueAt(record.data as Json, names);
  return records
    .map((record) => ({ record, key: keyOf(record) }))
    .sort((a, b) => sign * compareValues(a.key, b.key) || compareText(a.record.id, b.record.id))
    .map((each) => each.record);
}
