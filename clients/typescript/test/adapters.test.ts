import { createCollection } from '@tanstack/db';
import { createRxDatabase } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { describe, expect, onTestFinished, test } from 'vitest';
import { replicateOrleansSync } from '../src/adapters/rxdb.js';
import { orleansSyncCollectionOptions } from '../src/adapters/tanstack-db.js';
import { diff } from '../src/protocol/diff.js';
import { mergePatch } from '../src/protocol/merge.js';
import { call, client, newName, until } from './server/world.js';

type Todo = { title: string; done: boolean; owner?: { team?: string; name?: string } };

test('A difference, merged, gives what it was made from', () => {
  const [from, to] = [
    { a: 1, b: { x: 1, y: [1] }, c: 'gone', e: { f: 1 } },
    { a: 2, b: { y: [2], z: {} }, d: {}, e: {} },
  ];
  expect(mergePatch(from, diff(from, to), '')).toEqual({ ...to, e: { f: 1 } });
});

describe('TanStack DB', () => {
  test('rows are there, edits go out, and others’ come in', async () => {
    const name = newName();
    const path = `/v1/collections/${name}/records`;
    await call(`${path}/a`, 'PUT', { title: 'a', done: false, owner: { team: 't', name: 'n' } });
    const sync = client();
    const todos = createCollection(orleansSyncCollectionOptions<Todo>({ client: sync, collection: name }));
    await todos.preload();
    expect(todos.get('a')?.title).toBe('a');

    const insert = todos.insert({ id: 'b', title: 'b', done: false });
    expect(todos.get('b')?.title).toBe('b');
    await insert.isPersisted.promise;
    expect(todos.get('b')?.title).toBe('b');
    await todos.update('a', (draft) => {
      draft.done = true;
      draft.owner = { team: 't' };
    }).isPersisted.promise;
    await until(() => sync.status.pending === 0);
    expect((await call(`${path}/a`)).body.data).toEqual({ title: 'a', done: true, owner: { team: 't' } });
    expect((await call(`${path}/b`)).body.data).toEqual({ title: 'b', done: false });

    await call(`${path}/b`, 'PATCH', { title: 'B' });
    await until(() => todos.get('b')?.title === 'B');
    await todos.delete('b').isPersisted.promise;
    await until(async () => (await call(`${path}/b`)).status === 410);
    expect(todos.has('b')).toBe(false);
  });

  test('what the server refuses is taken back', async () => {
    const name = newName();
    await call(`/v1/collections/${name}`, 'PUT', { schema: { properties: { done: { type: 'boolean' } } } });
    const todos = createCollection(orleansSyncCollectionOptions<{ done: unknown }>({ client: client(), collection: name }));
    await todos.preload();
    todos.insert({ id: 'a', done: 'perhaps' });
    expect(todos.has('a')).toBe(true);
    await until(() => !todos.has('a'));
  });
});

describe('RxDB', () => {
  async function database(name: string) {
    const db = await createRxDatabase({ name: newName(), storage: getRxStorageMemory(), multiInstance: false });
    onTestFinished(async () => void (await db.close()));
    const schema = {
      version: 0,
      primaryKey: 'id',
      type: 'object',
      properties: { id: { type: 'string', maxLength: 128 }, title: { type: 'string' }, done: { type: 'boolean' } },
    } as const;
    const { todos } = await db.addCollections({ todos: { schema } });
    const refused: string[] = [];
    const replication = replicateOrleansSync<{ id: string; title: string; done: boolean }>({
      client: client(),
      collection: name,
      rxCollection: todos as never,
      replication: { retryTime: 100 },
      onRefused: (result) => refused.push(result.code ?? result.outcome),
    });
    onTestFinished(async () => void (await replication.cancel()));
    await replication.awaitInitialReplication();
    return { todos: todos as any, replication, refused };
  }

  test('two databases hold the same in the end', async () => {
    const name = newName();
    await call(`/v1/collections/${name}/records/a`, 'PUT', { title: 'a', done: false });
    const [one, two] = [await database(name), await database(name)];
    expect((await one.todos.findOne('a').exec()).title).toBe('a');
    await one.todos.insert({ id: 'b', title: 'b', done: false });
    await until(async () => (await two.todos.findOne('b').exec())?.title === 'b');
    await (await two.todos.findOne('b').exec()).patch({ done: true });
    await until(async () => (await one.todos.findOne('b').exec())?.done === true);
    await (await one.todos.findOne('a').exec()).remove();
    await until(async () => (await two.todos.findOne('a').exec()) === null);
    expect((await call(`/v1/collections/${name}/records/a`)).status).toBe(410);
    expect((await call(`/v1/collections/${name}/records/b`)).body.data).toEqual({ title: 'b', done: true });
  });

  test('edits of different fields are both kept', async () => {
    const name = newName();
    await call(`/v1/collections/${name}/records/a`, 'PUT', { title: 'a', done: false });
    const one = await database(name);
    await Promise.all([
      call(`/v1/collections/${name}/records/a`, 'PATCH', { done: true }, { 'Sync-Base': '1' }),
      (await one.todos.findOne('a').exec()).patch({ title: 'A' }),
    ]);
    await until(async () => {
      const { data } = (await call(`/v1/collections/${name}/records/a`)).body;
      return data.title === 'A' && data.done === true;
    });
    await until(async () => {
      const held = await one.todos.findOne('a').exec();
      return held.title === 'A' && held.done === true;
    });
  });
});
