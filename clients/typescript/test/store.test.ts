import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { describe, expect, test } from 'vitest';
import { IndexedDbStore, MemoryStore, type Store, type Write } from '../src/index.js';
import { call, client, newName, until } from './server/world.js';

globalThis.IDBKeyRange ??= IDBKeyRange;

function write(id: string, timestamp: string): Write {
  return { id, collection: 'todos', record: 't1', op: 'delete', timestamp };
}

const record = (id: string, version: number) => ({ id, version, timestamp: '', author: 'a', data: {} });

describe.each<[string, () => () => Store]>([
  [
    'memory',
    () => {
      const store = new MemoryStore();
      return () => store;
    },
  ],
  [
    'IndexedDB',
    () => {
      const factory = new IDBFactory();
      return () => new IndexedDbStore(factory);
    },
  ],
])('A store in %s', (_, make) => {
  test('keeps writes in the order of their timestamps until they are settled', async () => {
    const again = make();
    const store = again();
    await store.open('s');
    await store.commit({ writes: [write('b', '2'), write('c', '3'), write('a', '1')] });
    await store.commit({ settled: ['c'], meta: { client: 'x' } });
    store.close();

    const next = again();
    await next.open('s');
    expect((await next.writes()).map((each) => each.id)).toEqual(['a', 'b']);
    expect(await next.meta()).toEqual({ client: 'x' });
    await next.open('other');
    expect(await next.writes()).toEqual([]);
  });

  test('keeps the rows of a replica with their cursor, apart from those of others', async () => {
    const store = make()();
    await store.open('s');
    const rows = [1, 2, 3].map((each) => ({ id: `t${each}`, version: each, record: record(`t${each}`, each) }));
    await store.commit({
      replicas: [
        { key: 'todos', rows, cursor: 'c1', caughtUp: true },
        { key: 'todos {"a":1}', rows: rows.slice(0, 1), cursor: 'x', caughtUp: false },
      ],
    });
    await store.commit({ replicas: [{ key: 'todos', rows: [{ id: 't1', version: 4 }], forget: ['t2'], cursor: 'c2', caughtUp: true }] });

    const kept = await store.replica('todos');
    expect(kept?.cursor).toBe('c2');
    expect(kept?.rows.map((each) => [each.id, each.version]).sort()).toEqual([
      ['t1', 4],
      ['t3', 3],
    ]);
    expect((await store.replica('todos {"a":1}'))?.rows).toHaveLength(1);
    expect(await store.replicas()).toEqual(expect.arrayContaining(['todos', 'todos {"a":1}']));

    await store.commit({ replicas: [{ key: 'todos', clear: true, rows: [], cursor: 'c3', caughtUp: false }] });
    expect((await store.replica('todos'))?.rows).toEqual([]);
    await store.commit({ replicas: [{ key: 'todos', drop: true, rows: [], caughtUp: false }] });
    expect(await store.replica('todos')).toBeUndefined();
  });
});

describe('A browser that is closed and opened again', () => {
  test('has its records before the server is asked, and its edits after', async () => {
    const factory = new IDBFactory();
    const name = newName();
    const first = client({ store: new IndexedDbStore(factory), user: 'ada' });
    first.collection(name).subscribe(() => {});
    await first.collection(name).put('t1', { n: 1 });
    await until(() => first.collection(name).snapshot()?.upToDate);
    await first.close();

    const requests: string[] = [];
    const second = client({
      store: new IndexedDbStore(factory),
      user: 'ada',
      transports: ['long-polling'],
      fetch: (address, options) => {
        requests.push(String(address));
        return fetch(address, options);
      },
    });
    second.collection(name).subscribe(() => {});
    await until(() => second.collection(name).snapshot()?.records.length === 1);
    await until(() => requests.find((each) => each.includes('/changes')));
    expect(requests.find((each) => each.includes('/changes'))).toContain('since=');
    await second.collection(name).increment('t1', 'n');
    expect((await call(`/v1/collections/${name}/records/t1`)).body.data).toEqual({ n: 2 });
  });

  test('where no database can be opened, works without one and says so', async () => {
    const broken = {
      open: () => {
        throw new Error('private window');
      },
    } as unknown as IDBFactory;
    const sync = client({ store: new IndexedDbStore(broken) });
    expect(await sync.collection(newName()).put('t1', { n: 1 })).toMatchObject({ outcome: 'applied' });
    expect(sync.status.lastError?.code).toBe('store');
  });
});
