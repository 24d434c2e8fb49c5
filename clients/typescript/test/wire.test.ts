import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { describe, expect, test } from 'vitest';
import { HybridClock } from '../src/clock.js';
import { Filter, type JsonObject, type Op } from '../src/index.js';
import { compareText } from '../src/protocol/compare.js';
import { applyWrite } from '../src/protocol/merge.js';
import { formatTicks, parseTicks } from '../src/protocol/timestamp.js';

/** The tables that clients in all languages share. */
function table<T>(name: string): T {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../tests/wire', name), 'utf8')) as T;
}

type FilterTable = { id: string; data: string; cases: { filter: string; is: 'matches' | 'differs' | 'malformed'; exact?: true }[] };
type MergeTable = { cases: { title: string; before?: JsonObject; op: Op; data?: JsonObject; after?: JsonObject }[] };

describe('Filters', () => {
  const { id, data, cases } = table<FilterTable>('filters.json');
  // What JavaScript's numbers and JSON reader do not show is the server's to decide.
  test.each(cases.filter((each) => !each.exact))('$filter $is', ({ filter, is }) => {
    if (is === 'malformed') expect(() => Filter.parse(JSON.parse(filter))).toThrow();
    else expect(Filter.parse(JSON.parse(filter)).matches(id, JSON.parse(data))).toBe(is === 'matches');
  });

  test('equal filters have one text', () => {
    const text = (filter: JsonObject) => Filter.parse(filter).text;
    expect(text({ b: 1, a: { gt: 2 } })).toBe(text({ a: { gt: 2.0 }, b: { eq: 1 } }));
    expect(text({ a: { in: [3, 1, 1] } })).toBe(text({ a: { in: [1, 3] } }));
    expect(text({ a: { eq: { x: 1, y: 2 } } })).toBe(text({ a: { eq: { y: 2, x: 1 } } }));
    expect(text({ a: 1 })).not.toBe(text({ a: '1' }));
    expect(text({})).toBe('');
  });

  test('text is ordered by code point', () => {
    expect(compareText('\u{10000}', '\uffff')).toBeGreaterThan(0);
    expect(compareText('a\u{1f600}', 'a\ue000')).toBeGreaterThan(0);
    expect(compareText('ab', 'abc')).toBeLessThan(0);
  });
});

describe('Merging', () => {
  test.each(table<MergeTable>('merges.json').cases)('$title', ({ before, op, data, after }) => {
    const kept = JSON.stringify(before);
    const result = applyWrite(before, { op, data, timestamp: '2026-11-24T05:35:12.0000000Z' });
    expect(JSON.stringify(result)).toEqual(JSON.stringify(after));
    expect(JSON.stringify(before)).toBe(kept);
  });
});

describe('Telling time', () => {
  test('an instant is written with seven digits and read from any form', () => {
    expect(formatTicks(parseTicks('2026-11-24T05:35:12.1234567Z')!)).toBe('2026-11-24T05:35:12.1234567Z');
    expect(formatTicks(parseTicks('2026-11-24t06:35:12.12+01:00')!)).toBe('2026-11-24T05:35:12.1200000Z');
    expect(formatTicks(parseTicks('2026-11-24T05:35:12.123456789Z')!)).toBe('2026-11-24T05:35:12.1234567Z');
    expect(parseTicks('yesterday')).toBeUndefined();
  });

  test('timestamps ever rise, also when the clock stands still or is set back', () => {
    let now = 1_800_000_000_000;
    const clock = new HybridClock(() => now);
    const stamps = [clock.stamp(), clock.stamp()];
    now -= 5_000;
    stamps.push(clock.stamp());
    expect(stamps).toEqual([...new Set(stamps)].sort());
  });

  test('a timestamp comes after everything seen, but for what no server can have said', () => {
    const clock = new HybridClock(() => Date.parse('2027-01-01T00:00:00Z'));
    clock.observe('2027-01-01T00:00:30.0000000Z');
    expect(clock.stamp()).toBe('2027-01-01T00:00:30.0000001Z');
    clock.observe('2028-01-01T00:00:00.0000000Z');
    expect(clock.stamp()).toBe('2027-01-01T00:00:30.0000002Z');
  });

  test('the drift is measured as of half the round trip', () => {
    let now = Date.parse('2027-01-01T00:00:00Z');
    const clock = new HybridClock(() => now);
    const sent = now;
    now += 200;
    clock.measure('2027-01-01T01:00:00.1000000Z', sent);
    expect(clock.drift).toBe(3_600_000);
    expect(clock.stamp()).toBe('2027-01-01T01:00:00.2000000Z');
  });

  test('a slow answer does not spoil what a quick one measured', () => {
    let now = 1_800_000_000_000;
    const clock = new HybridClock(() => now);
    clock.measure(formatTicks(BigInt(now) * 10_000n), now);
    const sent = now;
    now += 4_000;
    clock.measure(formatTicks(BigInt(sent) * 10_000n), sent);
    expect(clock.drift).toBe(0);
  });
});
