/** Paths: member names joined by `.`; within a name `.` and `\` are written `\.` and `\\`. `""` is the whole record. */

import { SyncError } from './failure.js';
import type { Json, JsonObject } from './wire.js';

export function splitPath(path: string): string[] {
  if (path === '') return [];
  const names: string[] = [];
  let name = '';
  for (let i = 0; i < path.length; i++) {
    const letter = path[i]!;
    if (letter === '.') {
      names.push(name);
      name = '';
    } else if (letter === '\\') {
      const next = path[++i];
      if (next !== '.' && next !== '\\') throw malformed(path);
      name += next;
    } else name += letter;
  }
  names.push(name);
  if (names.some((each) => each === '' || each.startsWith('$'))) throw malformed(path);
  return names;
}

export function joinPath(names: readonly string[]): string {
  return names.map((name) => name.replace(/[.\\]/g, '\\$&')).join('.');
}

/** What stands at a path, or undefined. */
export function valueAt(data: Json, names: readonly string[]): Json | undefined {
  let value: Json | undefined = data;
  for (const name of names) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** A patch that says `value` at a path, and nothing else. */
export function patchAt(path: string, value: Json): JsonObject {
  const names = splitPath(path);
  if (names.length === 0) throw malformed(path);
  return names.reduceRight<Json>((inner, name) => ({ [name]: inner }), value) as JsonObject;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(path: string): SyncError {
  return new SyncError('malformed', `'${path}' is no path here: names are not empty, do not begin with '$', and '\\' stands before '.' or '\\'.`);
}
