import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Choice, type Edit, type JsonObject, MemoryStore, type Result, type SyncClient, type TransportName } from '../src/index.js';
import { Network } from './server/network.js';
import { call, client, newName, server, until } from './server/world.js';

/** `tests/wire/README.md` says what each step means. */
type Step = {
  do: string;
  client?: string;
  record?: string;
  data?: JsonObject;
  base?: number;
  path?: string;
  by?: number;
  later?: string;
  edit?: string;
  as?: string;
  filter?: JsonObject;
  now?: true;
  records?: { [id: string]: any };
  expect?: Expectation;
  expectRevision?: number;
  choices?: { [path: string]: Choice };
  note?: string;
  outcomes?: string[];
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  status?: number;
  has?: object;
};
type Expectation = { outcome?: string; code?: string; version?: number; data?: JsonObject; deleted?: true; fields?: string[] };
type Case = { title: string; settings?: JsonObject; steps: Step[] };

const { cases } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../tests/wire/conformance.json'), 'utf8')) as { cases: Case[] };

class Desk {
  private readonly store = new MemoryStore();
  private readonly filters = new Map<string, JsonObject | undefined>();
  private sync: SyncClient;

  private constructor(
    readonly name: string,
    private readonly collection: string,
    private readonly transport: TransportName,
    readonly network: Network,
  ) {
    this.sync = this.start();
  }

  static async of(name: string, collection: string, transport: TransportName): Promise<Desk> {
    const network = await Network.before(server);
    onTestFinished(() => network.stop());
    return new Desk(`${name}-${randomUUID().slice(0, 8)}`, collection, transport, network);
  }

  get records() {
    return this.sync.collection(this.collection);
  }

  async restart(): Promise<void> {
    await this.sync.close();
    this.sync = this.start();
  }

  subscribe(name: string, filter: JsonObject | undefined): void {
    this.filters.set(name, filter);
    this.records.subscribe(filter, () => {});
  }

  seen(name: string): JsonObject {
    return Object.fromEntries(this.records.snapshot(this.filters.get(name))?.records.map((each) => [each.id, each.data]) ?? []);
  }

  private start(): SyncClient {
    return client({ client: this.name, store: this.store, transports: [this.transport], pollEvery: 50, wait: 2 }, this.network.url);
  }
}

class Run {
  private readonly desks = new Map<string, Desk>();
  private readonly edits = new Map<string, Edit>();

  constructor(
    private readonly collection: string,
    private readonly transport: TransportName,
  ) {}

  async step(step: Step): Promise<void> {
    if (step.do === 'http') return this.http(step);
    if (step.do === 'await') return check(await this.edits.get(step.edit!)!, step.expect!);
    const desk = await this.desk(step.client!);
    const { records } = desk;
    const id = step.record!;
    switch (step.do) {
      case 'put':
        return this.edit(step, () => records.put(id, step.data!, step));
      case 'patch':
        return this.edit(step, () => records.patch(id, step.data!, step));
      case 'delete':
        return this.edit(step, () => records.delete(id, step));
      case 'increment':
        return this.edit(step, () => records.increment(id, step.path!, step.by));
      case 'get':
        return expect((await records.get(id))?.data).toEqual(step.data);
      case 'subscribe':
        return desk.subscribe(step.as!, step.filter);
      case 'see':
        return this.see(desk, step);
      case 'offline':
        desk.network.cut = true;
        return desk.network.breakAll();
      case 'online':
        desk.network.cut = false;
        return;
      case 'restart':
        return desk.restart();
      case 'conflicts':
        return this.conflicts(desk, step);
      case 'claim':
        return check(await records.conflicts.claim(id), step.expect!);
      case 'release':
        return check(await records.conflicts.release(id), step.expect!);
      case 'resolve':
        return check(await records.conflicts.resolve(id, { expect: step.expectRevision!, choices: step.choices!, note: step.note }), step.expect!);
      case 'history':
        return expect((await records.history(id)).entries.map((each) => each.outcome)).toEqual(step.outcomes);
      default:
        throw new Error(`There is no step '${step.do}'.`);
    }
  }

  private async edit(step: Step, make: () => Edit): Promise<void> {
    const edit = make();
    await edit.saved;
    if (step.later) this.edits.set(step.later, edit);
    else check(await edit, step.expect!);
  }

  private async see(desk: Desk, step: Step): Promise<void> {
    if (step.now) await new Promise((done) => setTimeout(done, 20));
    else await until(() => JSON.stringify(sorted(desk.seen(step.as!))) === JSON.stringify(sorted(step.records!)) || undefined).catch(() => {});
    expect(desk.seen(step.as!)).toEqual(step.records);
  }

  private async conflicts(desk: Desk, step: Step): Promise<void> {
    const listed = await desk.records.conflicts.list();
    const short = listed.map((each) => [each.id, { fields: Object.keys(each.conflict.fields), candidates: each.conflict.candidates.length }]);
    expect(Object.fromEntries(short)).toEqual(step.records);
  }

  private async http(step: Step): Promise<void> {
    const soon = new Date(Date.now() + 5_000).toISOString();
    const headers = Object.fromEntries(Object.entries(step.headers ?? {}).map(([name, value]) => [name, value.replace('$soon', soon)]));
    const answer = await call(`/v1/collections/${this.collection}${step.path}`, step.method, step.body, headers);
    expect(answer.status).toBe(step.status);
    if (step.has) expect(answer.body).toMatchObject(step.has);
  }

  private async desk(name: string): Promise<Desk> {
    const desk = this.desks.get(name) ?? (await Desk.of(name, this.collection, this.transport));
    this.desks.set(name, desk);
    return desk;
  }
}

function check(result: Result, expected: Expectation): void {
  const { version, data, deleted, fields, ...own } = expected;
  expect(result).toMatchObject(own);
  const record = result.record as any;
  if (version !== undefined) expect(record.version).toBe(version);
  if (data !== undefined) expect(record.data).toEqual(data);
  if (deleted) expect(record.deleted).toBe(true);
  if (fields) expect(result.fields?.map((each) => each.path)).toEqual(fields);
}

function sorted(value: any): any {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}

describe.each<TransportName>(['websocket', 'long-polling'])('Over %s', (transport) => {
  test.each(cases)('$title', async ({ settings, steps }) => {
    const collection = newName();
    if (settings) await call(`/v1/collections/${collection}`, 'PUT', settings);
    const run = new Run(collection, transport);
    for (const step of steps) await run.step(step);
  });
});
