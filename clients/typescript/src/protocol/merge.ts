/** What a write makes of a record's data in the simple case (protocol §4.2–4.4): what the overlay shows until the server has answered. */

import { equal } from './compare.js';
import { add } from './decimal.js';
import { isObject } from './path.js';
import type { Json, JsonObject, Write } from './wire.js';

/** The data that a write leads to; undefined where there is then no live record. */
export function applyWrite(data: JsonObject | undefined, write: Pick<Write, 'op' | 'data' | 'timestamp'>): JsonObject | undefined {
  if (write.op === 'delete') return undefined;
  if (write.op === 'put') return write.data ?? {};
  if (data === undefined && !isOperationsAlone(write.data ?? {})) return undefined;
  return mergePatch(data ?? {}, write.data ?? {}, write.timestamp) as JsonObject;
}

/** RFC 7396, with field operations. Values that stay are shared with the target, never changed in place. */
export function mergePatch(target: Json | undefined, patch: Json, timestamp: string): Json {
  if (!isObject(patch)) return patch;
  // Spread and computed names make own members even of `__proto__`; plain assignment would not.
  let merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [name, change] of Object.entries(patch)) {
    const current = Object.hasOwn(merged, name) ? merged[name] : undefined;
    if (change === null) {
      if (current !== undefined) merged = without(merged, name);
    } else merged = { ...merged, [name]: operate(current, change, timestamp) ?? mergePatch(current, change, timestamp) };
  }
  return merged;
}

/** True for a patch that holds nothing but field operations: the only patch that creates a record. */
export function isOperationsAlone(patch: JsonObject): boolean {
  const values = Object.values(patch);
  return values.length > 0 && values.every((value) => isObject(value) && (operationOf(value) !== undefined || isOperationsAlone(value)));
}

function operate(current: Json | undefined, change: Json, timestamp: string): Json | undefined {
  const operation = isObject(change) ? operationOf(change) : undefined;
  if (!operation) return undefined;
  const [name, operand] = operation;
  const list = Array.isArray(current) ? current : [];
  if (name === '$increment') return add(typeof current === 'number' ? current : 0, Number(operand));
  if (name === '$serverTime') return timestamp;
  if (!Array.isArray(operand)) return current ?? null;
  if (name === '$removeFromSet') return list.filter((each) => !operand.some((gone) => equal(each, gone)));
  const set = [...list];
  for (const each of operand) if (!set.some((one) => equal(one, each))) set.push(each);
  return set;
}

function operationOf(value: JsonObject): [string, Json] | undefined {
  const entries = Object.entries(value);
  const first = entries[0];
  return entries.length === 1 && first?.[0].startsWith('$') ? first : undefined;
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([each]) => each !== name));
}
