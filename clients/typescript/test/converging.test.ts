import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Edit, type JsonObject, MemoryStore, type Result, type SyncClient, type TransportName } from '../src/index.js';
import { Network } from './server/network.js';
import { call, client, newName, server, until } from './server/world.js';

type Act = { who: number; do: 'put' | 'patch' | 'delete' | 'increment' | 'add' | 'cut' | 'mend' | 'break' | 'reload' | 'rest'; record: number; value: number };

const act: fc.Arbitrary<Act> = fc.record({
  who: fc.nat(2),
  do: fc.oneof(
    {
      weight: 12,
      arbitrary: fc.constantFrom(
        'put' as const,
        'patch' as const,
        'patch' as const,
        'delete' as const,
        'increment' as const,
        'increment' as const,
        'add' as const,
      ),
    },
    { weight: 5, arbitrary: fc.constantFrom('cut' as const, 'mend' as const, 'break' as const, 'reload' as const, 'rest' as const) },
  ),
  record: fc.nat(3),
  value: fc.nat(99),
});

class Person {
  readonly store = new MemoryStore();
  readonly edits: Edit<Thing>[] = [];
  readonly results: Result<Thing>[] = [];
  sync!: SyncClient;

  constructor(
    readonly name: string,
    readonly collection: string,
    readonly network: Network,
    readonly transport: TransportName,
  ) {
    this.start();
  }

  start(): void {
    this.sync = client({ client: this.name, store: this.store, transports: [this.transport], pollEvery: 30, wait: 1 }, this.network.url);
    this.things.subscribe(() => {});
    this.things.subscribe({ on: true }, () => {});
  }

  get things() {
    return this.sync.collection<Thing>(this.collection);
  }

  seen(filter?: JsonObject): string {
    return JSON.stringify(this.things.snapshot(filter)?.records.map((each) => [each.id, each.version, sorted(each.data)]));
  }

  do(edit: Edit<Thing>): void {
    this.edits.push(edit);
    void edit.then((result) => this.results.push(result)).catch(() => {});
  }
}

type Thing = { x?: number; y?: number; count?: number; on?: boolean };

async function play(acts: readonly Act[], transports: readonly TransportName[]): Promise<void> {
  const collection = newName();
  const people: Person[] = [];
  for (const transport of transports) people.push(new Person(`p-${randomUUID().slice(0, 8)}`, collection, await Network.before(server), transport));
  const counted = [0, 0, 0, 0];
  try {
    for (const each of acts) await perform(each, people[each.who % people.length]!, counted);
    for (const person of people) person.network.cut = false;
    await until(() => people.every((person) => person.sync.status.pending === 0), 20_000);
    const truth = await read(collection);
    const open = truth.filter((each) => each.data.on === true);
    const text = (records: typeof truth) => JSON.stringify(records.map((each) => [each.id, each.version, sorted(each.data)]));
    await until(() => people.every((person) => person.seen() === text(truth) && person.seen({ on: true }) === text(open)), 15_000).catch(() => {});
    for (const person of people) {
      expect(person.seen()).toBe(text(truth));
      expect(person.seen({ on: true })).toBe(text(open));
    }
    // Counters under a record of their own, which nothing deletes: every increment counts once, however often it was sent.
    expect(truth.find((each) => each.id === 'counter')?.data.count ?? 0).toBe(counted[0]);
    await answeredIsThere(people, collection);
  } finally {
    for (const person of people) await person.sync.close();
    for (const person of people) await person.network.stop();
  }
}

async function perform(each: Act, person: Person, counted: number[]): Promise<void> {
  const id = `r${each.record}`;
  if (each.do === 'put') person.do(person.things.put(id, { x: each.value, on: each.value % 2 === 0 }));
  else if (each.do === 'patch') person.do(person.things.patch(id, each.value % 3 === 0 ? { y: each.value } : { x: each.value, on: each.value % 2 === 0 }));
  else if (each.do === 'delete') person.do(person.things.delete(id));
  else if (each.do === 'add') person.do(person.things.add({ x: each.value, on: true }));
  else if (each.do === 'increment') {
    counted[0]! += each.value;
    person.do(person.things.increment('counter', 'count', each.value));
  } else if (each.do === 'cut') {
    person.network.cut = true;
    person.network.breakAll();
  } else if (each.do === 'mend') person.network.cut = false;
  else if (each.do === 'break') person.network.breakAll();
  else if (each.do === 'rest') await new Promise((done) => setTimeout(done, each.value));
  else {
    await person.sync.close();
    person.start();
  }
}

async function read(collection: string) {
  return (await call(`/v1/collections/${collection}/records?limit=1000`)).body.records as { id: string; version: number; data: Thing }[];
}

/** What was answered as done is in the record's history, under its write id and once. */
async function answeredIsThere(people: readonly Person[], collection: string): Promise<void> {
  const histories = new Map<string, string[]>();
  for (const person of people)
    for (const result of person.results) {
      const id = result.record?.id;
      if (!id || (result.outcome !== 'applied' && result.outcome !== 'merged')) continue;
      if (!histories.has(id))
        histories.set(
          id,
          (await call(`/v1/collections/${collection}/records/${id}/history?limit=1000`)).body.entries.map((entry: any) => entry.write),
        );
      const entry = histories.get(id)!.filter((write) => write === result.id);
      // A delete of a tombstone is applied without a version, and so without an entry.
      if (!(result.record && 'deleted' in result.record)) expect(entry).toHaveLength(1);
    }
}

function sorted(data: Thing): JsonObject {
  return Object.fromEntries(Object.entries(data).sort()) as JsonObject;
}

const runs = Number(process.env.RUNS ?? 12);

test('Whatever three people do, offline and on, they end with what the server has', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 60 }), (acts) => play(acts, ['websocket', 'websocket', 'sse'])),
    { numRuns: runs, interruptAfterTimeLimit: 240_000, endOnFailure: true },
  );
});

test('So they do when each follows by another technique', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: 40 }), (acts) => play(acts, ['long-polling', 'polling', 'refresh'])),
    { numRuns: runs, interruptAfterTimeLimit: 240_000, endOnFailure: true },
  );
});
