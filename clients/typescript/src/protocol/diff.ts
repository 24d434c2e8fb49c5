/** The merge patch that leads from one data to another. A `null` that is put in place of something cannot be said in one: it removes. */

import { equal } from './compare.js';
import { isObject } from './path.js';
import type { Json, JsonObject } from './wire.js';

export function diff(from: JsonObject, to: JsonObject): JsonObject {
  const changes: [string, Json][] = [];
  for (const [name, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, name) ? from[name] : undefined;
    if (equal(before, value)) continue;
    changes.push([name, isObject(before) && isObject(value) && Object.keys(value).length > 0 ? diff(before, value) : value]);
  }
  for (const name of Object.keys(from)) if (!Object.hasOwn(to, name)) changes.push([name, null]);
  return Object.fromEntries(changes);
}
