import { describe, expect, test } from 'vitest';
import { Filter, type Page, type SyncRecord, type Write } from '../src/index.js';
import { Replica } from '../src/replica.js';
import type { ReplicaBatch } from '../src/store/store.js';

const record = (id: string, version: number, data = {}): SyncRecord => ({ id, version, timestamp: '', author: 'a', data });
const page = (since: string, cursor: string, ...changes: Page['changes'][number][]): Page => ({ since, changes, cursor, upToDate: true });
const upsert = (id: string, version: number, data = {}) => ({ type: 'upsert' as const, record: record(id, version, data) });
const gone = (id: string, version: number) => ({ type: 'delete' as const, record: { id, version, timestamp: '', author: 'a', deleted: true as const } });

function made(filter?: object) {
  const pending = new Map<string, Write[]>();
  const stored: ReplicaBatch[] = [];
  const replica = new Replica('todos', Filter.parse(filter as never), filter as never, {
    pending: (id) => pending.get(id) ?? [],
    pendingRecords: () => [...pending.keys()],
    elsewhere: () => undefined,
    persist: (batch) => void stored.push(batch),
    seen: () => {},
  });
  const shows = () =>
    replica
      .snapshot()
      .records.map((each) => `${each.id}${each.version}`)
      .join();
  return { replica, shows, stored, pending };
}

describe('A replica', () => {
  test('takes pages one after the other, and no other', () => {
    const { replica, shows } = made();
    expect(replica.accept(page('0', '1', upsert('b', 1), upsert('a', 1)))).toBe(true);
    expect(replica.accept(page('2', '3', gone('a', 2)))).toBe(false);
    expect(replica.accept(page('1', '2', upsert('a', 2)))).toBe(true);
    expect(shows()).toBe('a2,b1');
    expect(replica.cursor).toBe('2');
  });

  test('never goes back: not by a page, nor by an answer that is late', () => {
    const { replica, shows } = made();
    replica.accept(page('0', '1', upsert('a', 1)));
    replica.answer(record('a', 5));
    replica.refresh(['a']);
    replica.accept(page('1', '2', upsert('a', 3)));
    expect(shows()).toBe('a5');
    replica.accept(page('2', '3', upsert('a', 5), gone('a', 6)));
    replica.answer(record('a', 5));
    replica.refresh(['a']);
    expect(shows()).toBe('');
  });

  test('drops what an answer told on the way from the beginning, if no page confirms it: it may be deleted since', () => {
    const { replica, shows } = made();
    replica.accept({ ...page('0', '1', upsert('a', 1)), upToDate: false });
    replica.answer(record('x', 1));
    replica.answer(record('a', 2));
    replica.refresh(['x', 'a']);
    expect(shows()).toBe('a2,x1');
    replica.accept(page('1', '2', upsert('a', 2)));
    expect(shows()).toBe('a2');
  });

  test('takes back what left at the version it left with', () => {
    const { replica, shows } = made({ on: true });
    replica.accept(page('0', '1', upsert('a', 3, { on: true })));
    replica.accept(page('1', '2', { type: 'leave', id: 'a', version: 3 }));
    expect(shows()).toBe('');
    replica.accept(page('2', '3', upsert('a', 3, { on: true })));
    expect(shows()).toBe('a3');
  });

  test('at a reset drops everything, here and in the store', () => {
    const { replica, shows, stored } = made();
    replica.accept(page('0', '1', upsert('a', 7)));
    replica.accept({ since: '1', reset: { reason: 'retention' }, changes: [], cursor: '0', upToDate: false });
    expect(shows()).toBe('');
    expect(replica.snapshot().upToDate).toBe(false);
    expect(stored.at(-1)).toMatchObject({ clear: true, cursor: '0', caughtUp: false });
    replica.accept(page('0', '1', upsert('a', 2)));
    expect(shows()).toBe('a2');
  });

  test('stores each page with its cursor', () => {
    const { replica, stored } = made();
    replica.accept(page('0', '1', upsert('a', 1), upsert('b', 1)));
    replica.accept(page('1', '2', gone('b', 2)));
    expect(stored.map((each) => [each.cursor, each.rows.map((row) => `${row.id}${row.version}${row.record ? '' : ' gone'}`)])).toEqual([
      ['1', ['a1', 'b1']],
      ['2', ['b2 gone']],
    ]);
  });

  test('shows another snapshot only when its content is another', () => {
    const { replica } = made();
    replica.accept(page('0', '1', upsert('a', 1)));
    const before = replica.snapshot();
    replica.accept(page('1', '2'));
    replica.accept(page('2', '3', upsert('a', 1), gone('zzz', 4)));
    replica.refresh(['a']);
    expect(replica.snapshot()).toBe(before);
    replica.accept(page('3', '4', upsert('b', 1)));
    expect(replica.snapshot()).not.toBe(before);
    expect(replica.snapshot().records[0]).toBe(before.records[0]);
  });

  test('does pending edits once more on whatever the server says', () => {
    const { replica, pending } = made();
    replica.accept(page('0', '1', upsert('a', 1, { n: 1, x: 'old' })));
    const write: Write = { id: 'w', collection: 'todos', record: 'a', op: 'patch', data: { n: { $increment: 2 } }, timestamp: '1' };
    pending.set('a', [write]);
    replica.refresh(['a']);
    expect(replica.get('a')).toMatchObject({ pending: true, data: { n: 3, x: 'old' } });
    replica.accept(page('1', '2', upsert('a', 2, { n: 10, x: 'new' })));
    expect(replica.get('a')).toMatchObject({ pending: true, version: 2, data: { n: 12, x: 'new' } });
    pending.delete('a');
    replica.answer(record('a', 3, { n: 12, x: 'new' }));
    replica.refresh(['a']);
    expect(replica.get('a')).toMatchObject({ version: 3, data: { n: 12 } });
    expect(replica.get('a')).not.toHaveProperty('pending');
  });
});
