import { describe, expect, onTestFinished, test } from 'vitest';
import { HybridClock } from '../src/clock.js';
import { MemoryStore, type Result, type Write } from '../src/index.js';
import { Outbox } from '../src/outbox.js';
import { Failure } from '../src/protocol/failure.js';
import { Journal } from '../src/store/journal.js';
import { until } from './server/world.js';

type Answer = (writes: readonly Write[]) => readonly Result[] | Promise<readonly Result[]>;

const applied = (write: Write): Result => ({ id: write.id, outcome: 'applied' });
const refused = (write: Write, code: string): Result => ({ id: write.id, outcome: 'invalid', code });

/** An outbox before a server that answers as it is told, push by push, and then applies everything. */
async function made(...answers: Answer[]) {
  const store = new MemoryStore();
  await store.open('');
  const sent: Write[][] = [];
  const measured: number[] = [];
  const clock = new HybridClock();
  const outbox = new Outbox(new Journal(Promise.resolve(store), () => {}), clock, {
    client: 'c',
    limits: () => ({ writes: 3 }),
    ready: async () => {},
    failed: () => {},
    measureClock: async () => void measured.push(1),
    push: async (writes) => {
      expect((await store.writes()).map((each) => each.id)).toEqual(expect.arrayContaining(writes.map((each) => each.id)));
      sent.push([...writes]);
      return (answers.shift() ?? ((all) => all.map(applied)))(writes);
    },
  });
  onTestFinished(() => outbox.close());
  const add = (record: string, data = {}) => outbox.add({ collection: 'todos', record, op: 'patch', data });
  return { outbox, store, sent, measured, add, clock };
}

describe('An outbox', () => {
  test('sends in order, stored before, within the limits, one push at a time', async () => {
    const { outbox, sent, add } = await made();
    const edits = [...'abcdefg'].map((each) => add(each));
    outbox.send(true);
    for (const edit of edits) expect((await edit).outcome).toBe('applied');
    expect(sent.map((each) => each.map((write) => write.record).join(''))).toEqual(['abc', 'def', 'g']);
    const stamps = sent.flat().map((write) => write.timestamp);
    expect(stamps).toEqual([...new Set(stamps)].sort());
    expect(outbox.size).toBe(0);
  });

  test('sends again under the same id what was lost on the way', async () => {
    const { outbox, sent, add } = await made(() => {
      throw new Failure('lost', 'cut');
    });
    const edit = add('a');
    outbox.send(true);
    await edit;
    expect(sent.map((each) => each[0]!.id)).toEqual([edit.id, edit.id]);
  });

  test('holds back later writes to a record whose write is to come again, and no others', async () => {
    const { outbox, sent, add } = await made((all) => all.map((write) => (write.record === 'a' ? refused(write, 'unavailable') : applied(write))));
    const edits = [add('a', { n: 1 }), add('b'), add('c')];
    outbox.send(true);
    await edits[1];
    const later = [add('a', { n: 2 }), add('d')];
    await later[1];
    await Promise.all([...edits, ...later]);
    const ofA = sent
      .flat()
      .filter((write) => write.record === 'a')
      .map((write) => write.data?.n);
    expect(ofA).toEqual([1, 1, 2]);
  });

  test('a write that is refused settles and holds nothing up', async () => {
    const { outbox, add } = await made((all) => [refused(all[0]!, 'schema'), { id: all[1]!.id, outcome: 'held' }, { id: all[2]!.id, outcome: 'superseded' }]);
    const edits = [add('a'), add('b'), add('c'), add('d')];
    outbox.send(true);
    const outcomes = [];
    for (const edit of edits) outcomes.push((await edit).outcome);
    expect(outcomes).toEqual(['invalid', 'held', 'superseded', 'applied']);
  });

  test('a batch that is refused whole is divided until the one that is to blame is found', async () => {
    const whole: Answer = (all) => {
      if (all.some((write) => write.record === 'bad')) throw new Failure('refused', 'no', 'malformed', 400);
      return all.map(applied);
    };
    const { outbox, add } = await made(...Array(10).fill(whole));
    const edits = [add('a'), add('bad'), add('c'), add('d')];
    outbox.send(true);
    const outcomes = [];
    for (const edit of edits) outcomes.push((await edit).outcome);
    expect(outcomes).toEqual(['applied', 'invalid', 'applied', 'applied']);
  });

  test('after clock-ahead the clock is measured and the write goes again under its id with a new timestamp', async () => {
    const { outbox, sent, measured, add } = await made((all) => all.map((write) => refused(write, 'clock-ahead')));
    const edits = [add('a'), add('a')];
    outbox.send(true);
    for (const edit of edits) expect((await edit).outcome).toBe('applied');
    expect(measured).toEqual([1]);
    expect(sent[1]!.map((each) => each.id)).toEqual(sent[0]!.map((each) => each.id));
  });

  test('closed, it abandons whoever waits and keeps what was not answered', async () => {
    const { outbox, store, add } = await made();
    const edit = add('a');
    await edit.saved;
    outbox.close();
    await expect(edit).rejects.toMatchObject({ code: 'closed' });
    expect(await store.writes()).toHaveLength(1);
    expect(() => add('b')).toThrow();
  });

  test('what is too large for any frame is refused here', async () => {
    const { outbox, sent, add } = await made();
    const edit = add('a', { text: 'x'.repeat(4 * 1024 * 1024) });
    outbox.send(true);
    expect(await edit).toMatchObject({ outcome: 'invalid', code: 'too-large' });
    await until(() => outbox.size === 0);
    expect(sent).toEqual([]);
  });
});
