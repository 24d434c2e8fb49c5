/** A filter of lists, feeds and subscriptions (protocol §3): which records meet it, decided here as on the server. */

import { compareText, equal } from './compare.js';
import { SyncError } from './failure.js';
import { isObject, joinPath, splitPath, valueAt } from './path.js';
import type { Json, JsonObject } from './wire.js';

type Operator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'in' | 'exists';
type Condition = { names: readonly string[] | undefined; operator: Operator; operand: Json };

const operators: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'gte', 'lt', 'lte', 'in', 'exists']);
const mostConditions = 64;
const mostBytes = 16_384;

export class Filter {
  private constructor(
    private readonly conditions: readonly Condition[],
    /** The filter as JSON; equal filters have one text. Empty where everything meets it. */
    readonly text: string,
  ) {}

  static readonly everything = new Filter([], '');

  /** @throws SyncError `malformed` where it is no filter. */
  static parse(filter: JsonObject | undefined): Filter {
    if (filter === undefined) return Filter.everything;
    if (!isObject(filter)) throw malformed('A filter is an object.');
    const conditions = Object.entries(filter).flatMap(([path, value]) => readMember(path, value));
    if (conditions.length === 0) return Filter.everything;
    if (conditions.length > mostConditions) throw malformed(`A filter has at most ${mostConditions} conditions.`);
    const text = canonical(conditions);
    if (text.length > mostBytes) throw malformed(`A filter has at most ${mostBytes} bytes.`);
    return new Filter(conditions, text);
  }

  matches(id: string, data: Json): boolean {
    return this.conditions.every((condition) => holds(condition, condition.names ? valueAt(data, condition.names) : id));
  }
}

function readMember(path: string, value: Json): Condition[] {
  const names = path === '$id' ? undefined : splitPath(path);
  if (names?.length === 0) throw malformed('A filter names fields, not the whole record.');
  if (!isObject(value)) return [{ names, operator: 'eq', operand: value }];
  const entries = Object.entries(value);
  if (entries.length === 0) throw malformed(`'${path}' has no operator.`);
  return entries.map(([name, operand]) => {
    if (!operators.has(name)) throw malformed(`'${name}' is no operator.`);
    const operator = name as Operator;
    if (!fits(operator, operand)) throw malformed(`'${name}' does not take ${JSON.stringify(operand)}.`);
    return { names, operator, operand };
  });
}

function fits(operator: Operator, operand: Json): boolean {
  if (operator === 'in') return Array.isArray(operand);
  if (operator === 'exists') return typeof operand === 'boolean';
  if (operator === 'eq' || operator === 'ne') return true;
  return typeof operand === 'string' || typeof operand === 'number';
}

function holds({ operator, operand }: Condition, value: Json | undefined): boolean {
  switch (operator) {
    case 'exists':
      return (value !== undefined) === operand;
    case 'ne':
      return value === undefined || !equal(value, operand);
    case 'eq':
      return value !== undefined && equal(value, operand);
    case 'in':
      return value !== undefined && (operand as Json[]).some((each) => equal(value, each));
    default:
      return holdsInOrder(operator, value, operand);
  }
}

function holdsInOrder(operator: Operator, value: Json | undefined, operand: Json): boolean {
  let order: number;
  if (typeof value === 'number' && typeof operand === 'number') order = value - operand;
  else if (typeof value === 'string' && typeof operand === 'string') order = compareText(value, operand);
  else return false;
  if (operator === 'gt') return order > 0;
  if (operator === 'gte') return order >= 0;
  return operator === 'lt' ? order < 0 : order <= 0;
}

/** Members and operators in order, equality spelled out: two subscriptions that ask the same are one. */
function canonical(conditions: readonly Condition[]): string {
  const members = new Map<string, Map<string, string>>();
  for (const { names, operator, operand } of conditions) {
    const path = names ? joinPath(names) : '$id';
    const member = members.get(path) ?? new Map<string, string>();
    members.set(path, member.set(operator, operator === 'in' ? unordered(operand as Json[]) : sorted(operand)));
  }
  const written = [...members].sort(byName).map(([path, member]) => {
    const inner = [...member].sort(byName).map(([operator, operand]) => `"${operator}":${operand}`);
    return `${JSON.stringify(path)}:{${inner.join(',')}}`;
  });
  return `{${written.join(',')}}`;
}

function unordered(values: Json[]): string {
  return `[${[...new Set(values.map(sorted))].sort().join(',')}]`;
}

function sorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).sort(byName);
  return `{${members.map(([name, each]) => `${JSON.stringify(name)}:${sorted(each)}`).join(',')}}`;
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compareText(a[0], b[0]);
}

function malformed(why: string): SyncError {
  return new SyncError('malformed', why);
}
