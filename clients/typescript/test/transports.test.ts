import { describe, expect, onTestFinished, test } from 'vitest';
import type { TransportName } from '../src/index.js';
import { Network } from './server/network.js';
import { call, client, newName, server, until } from './server/world.js';

const all: TransportName[] = ['websocket', 'sse', 'long-polling', 'polling', 'refresh'];
const quick = { pollEvery: 50, wait: 5 };

async function proxy(): Promise<Network> {
  const made = await Network.before(server);
  onTestFinished(() => made.stop());
  return made;
}

describe('Following by one technique', () => {
  test.each(all)('%s alone brings the same changes', async (name) => {
    const collection = newName();
    const path = `/v1/collections/${collection}/records`;
    await call(`${path}/a`, 'PUT', { n: 1, on: true });
    const sync = client({ transports: [name], ...quick });
    const things = sync.collection<{ n: number; on: boolean }>(collection);
    things.subscribe(() => {});
    things.subscribe({ on: true }, () => {});
    const ids = (filter?: { on: boolean }) =>
      things
        .snapshot(filter)
        ?.records.map((each) => `${each.id}${each.version}`)
        .join();
    await until(() => ids() === 'a1' && ids({ on: true }) === 'a1' && things.snapshot()?.upToDate);
    expect(sync.status).toMatchObject({ state: 'online', transport: name });

    await call(`${path}/b`, 'PUT', { n: 2, on: false });
    await call(`${path}/a`, 'PATCH', { n: 3 });
    await until(() => ids() === 'a2,b1' && ids({ on: true }) === 'a2');
    await call(`${path}/b`, 'PATCH', { on: true });
    await call(`${path}/a`, 'PATCH', { on: false });
    await until(() => ids() === 'a3,b2' && ids({ on: true }) === 'b2');
    await call(`${path}/b`, 'DELETE');
    await until(() => ids() === 'a3' && ids({ on: true }) === '');

    expect(await things.put('c', { n: 9, on: true })).toMatchObject({ outcome: 'applied' });
    expect(ids({ on: true })).toBe('c1');
    await until(() => ids() === 'a3,c1');
  });
});

describe('A connection that does not hold', () => {
  test('where WebSockets are refused it falls back to events, and goes up again when they are not', async () => {
    const between = await proxy();
    between.refusesWebSockets = true;
    const sync = client({ climbAfter: 200, ...quick }, between.url);
    const things = sync.collection<{ n: number }>(newName());
    things.subscribe(() => {});
    await until(() => sync.status.transport === 'sse' && things.snapshot()?.upToDate);
    await things.put('a', { n: 1 });

    between.refusesWebSockets = false;
    await until(() => sync.status.transport === 'websocket');
    await things.put('b', { n: 2 });
    await call(`/v1/collections/${things.name}/records/a`, 'PATCH', { n: 3 });
    await until(
      () =>
        things
          .snapshot()
          ?.records.map((each) => each.data.n)
          .join() === '3,2',
    );
  });

  test('where streams never come through it falls back to long polling', async () => {
    const between = await proxy();
    between.refusesWebSockets = true;
    between.gathers = true;
    const sync = client({ ...quick }, between.url);
    const things = sync.collection(newName());
    things.subscribe(() => {});
    await until(() => sync.status.transport === 'long-polling' && things.snapshot()?.upToDate, 20_000);
  });

  test.each(['websocket', 'sse', 'long-polling', 'polling'] as const)('%s that is cut resumes without loss', async (name) => {
    const between = await proxy();
    const sync = client({ transports: [name], ...quick }, between.url);
    const things = sync.collection<{ n: number }>(newName());
    const versions = new Map<string, number>();
    things.subscribe((_, delta) => {
      for (const each of delta.upserted) {
        expect(each.version).toBeGreaterThanOrEqual(versions.get(each.id) ?? 0);
        versions.set(each.id, each.version);
      }
    });
    await until(() => things.snapshot()?.upToDate);
    for (let i = 0; i < 20; i++) {
      await call(`/v1/collections/${things.name}/records/r${i % 4}`, 'PUT', { n: i });
      if (i % 5 === 0) between.breakAll();
    }
    await until(
      () =>
        things
          .snapshot()
          ?.records.map((each) => each.data.n)
          .join() === '16,17,18,19',
    );
  });

  test('edits made while it is cut are sent when it is back, each once', async () => {
    const between = await proxy();
    const sync = client({}, between.url);
    const things = sync.collection<{ n: number }>(newName());
    things.subscribe(() => {});
    await things.put('a', { n: 0 });
    between.cut = true;
    between.breakAll();
    const edits = Array.from({ length: 10 }, () => things.increment('a', 'n'));
    expect(things.snapshot()?.records[0]?.data.n).toBe(10);
    await until(() => sync.status.state === 'offline');
    expect(sync.status.pending).toBe(10);
    between.cut = false;
    for (const edit of edits) await edit;
    expect((await call(`/v1/collections/${things.name}/records/a`)).body.data).toEqual({ n: 10 });
  });
});
