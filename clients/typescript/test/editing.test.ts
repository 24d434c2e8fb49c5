import { describe, expect, test } from 'vitest';
import { MemoryStore } from '../src/index.js';
import { call, client, newName, until } from './server/world.js';

type Todo = { title: string; done?: boolean; votes?: number; tags?: string[] };

describe('Editing records', () => {
  test('an edit is seen at once and answered by the server', async () => {
    const todos = client().collection<Todo>(newName());
    const seen: (string | undefined)[] = [];
    todos.subscribe((snapshot) => seen.push(snapshot.records[0]?.data.title));
    await until(() => todos.snapshot()?.upToDate);

    const edit = todos.put('t1', { title: 'Milk' });
    expect(todos.snapshot()?.records[0]).toMatchObject({ id: 't1', version: 0, pending: true, data: { title: 'Milk' } });

    expect(await edit).toMatchObject({ id: edit.id, outcome: 'applied', record: { version: 1 } });
    expect(todos.snapshot()?.records[0]).toMatchObject({ version: 1, data: { title: 'Milk' } });
    expect(todos.snapshot()?.records[0]).not.toHaveProperty('pending');
  });

  test('two clients see each other’s edits', async () => {
    const name = newName();
    const [ada, bob] = [client().collection<Todo>(name), client().collection<Todo>(name)];
    ada.subscribe(() => {});
    bob.subscribe(() => {});
    await ada.put('t1', { title: 'Milk' });
    await until(() => bob.snapshot()?.records[0]?.version === 1);

    await bob.patch('t1', { done: true });
    await until(() => ada.snapshot()?.records[0]?.version === 2);
    expect(ada.snapshot()?.records[0]?.data).toEqual({ title: 'Milk', done: true });

    await ada.delete('t1');
    await until(() => bob.snapshot()?.records.length === 0);
  });

  test('edits one after the other, without waiting, are all there', async () => {
    const todos = client().collection<Todo>(newName());
    const edits = [
      todos.put('t1', { title: 'a' }),
      todos.patch('t1', { title: 'b' }),
      todos.increment('t1', 'votes', 2),
      todos.addToSet('t1', 'tags', 'x', 'y'),
      todos.removeFromSet('t1', 'tags', 'x'),
    ];
    for (const edit of edits) expect((await edit).outcome).toBe('applied');
    expect((await todos.get('t1'))?.data).toEqual({ title: 'b', votes: 2, tags: ['y'] });
  });

  test('an edit while a push is in flight is not overwritten by the answer', async () => {
    const todos = client().collection<Todo>(newName());
    const titles: (string | undefined)[] = [];
    todos.subscribe((snapshot) => titles.push(snapshot.records[0]?.data.title));
    await todos.put('t1', { title: '0' });
    let last: PromiseLike<unknown> | undefined;
    for (let i = 1; i <= 50; i++) {
      last = todos.patch('t1', { title: String(i) });
      await Promise.resolve();
      expect(todos.snapshot()?.records[0]?.data.title).toBe(String(i));
      if (i % 7 === 0) await new Promise((done) => setTimeout(done, 3));
      expect(todos.snapshot()?.records[0]?.data.title).toBe(String(i));
    }
    await last;
    expect(todos.snapshot()?.records[0]?.data.title).toBe('50');
    const numbers = titles.filter((each) => each !== undefined).map(Number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  test('the base is the version the author was looking at', async () => {
    const name = newName();
    await call(`/v1/collections/${name}`, 'PUT', { policy: 'reject' });
    const todos = client().collection<Todo>(name);
    await todos.put('t1', { title: 'Milk' });
    await call(`/v1/collections/${name}/records/t1`, 'PATCH', { title: 'Oat milk' }, { 'Sync-Base': '1', 'Sync-Client': 'other' });

    expect(await todos.patch('t1', { title: 'Soy milk' }, { base: 1 })).toMatchObject({ outcome: 'rejected', code: 'concurrent-edit', record: { version: 2 } });
    expect(await todos.patch('t1', { title: 'Soy milk' })).toMatchObject({ outcome: 'applied', record: { version: 3 } });
  });

  test('what is refused is told, and holds nothing up', async () => {
    const name = newName();
    await call(`/v1/collections/${name}`, 'PUT', { schema: { type: 'object', properties: { title: { type: 'string' } } } });
    const sync = client();
    const refused: string[] = [];
    sync.onRefused((result) => refused.push(result.code!));
    const todos = sync.collection<{ title: unknown }>(name);
    const [bad, good] = [todos.put('t1', { title: 1 }), todos.put('t2', { title: 'x' })];
    expect(await bad).toMatchObject({ outcome: 'invalid', code: 'schema', status: 422 });
    expect(await good).toMatchObject({ outcome: 'applied' });
    expect(refused).toEqual(['schema']);
    expect(sync.status.pending).toBe(0);
  });

  test('an edit of an earlier session is sent by the next', async () => {
    const [name, store] = [newName(), new MemoryStore()];
    const offline = client({ store }, 'http://127.0.0.1:9');
    await offline.collection<Todo>(name).put('t1', { title: 'Milk' }).saved;
    const scope = [...(store as any).scopes.entries()][0];
    await offline.close();
    (store as any).scopes = new Map([[scope[0].replace('http://127.0.0.1:9', client().url), scope[1]]]);

    const online = client({ store });
    await until(async () => (await call(`/v1/collections/${name}/records/t1`)).status === 200);
    await until(() => online.status.pending === 0);
  });

  test('a clock that is far ahead is measured anew', async () => {
    const todos = client({ now: () => Date.now() + 3_600_000 }).collection<Todo>(newName());
    const edits = [todos.put('t1', { title: 'a' }), todos.patch('t1', { title: 'b' })];
    for (const edit of edits) expect((await edit).outcome).toBe('applied');
    const record = await todos.get('t1');
    expect(record?.data.title).toBe('b');
    expect(Math.abs(Date.parse(record!.timestamp) - Date.now())).toBeLessThan(5_000);
  });

  test('a filter decides here as there what is followed', async () => {
    const todos = client().collection<Todo>(newName());
    const open = { done: false };
    todos.subscribe(open, () => {});
    await todos.put('t1', { title: 'a', done: false });
    await todos.put('t2', { title: 'b', done: true });
    expect(todos.snapshot(open)?.records.map((each) => each.id)).toEqual(['t1']);
    todos.patch('t1', { done: true });
    expect(todos.snapshot(open)?.records).toEqual([]);
    await todos.patch('t1', { done: false });
    await until(() => todos.snapshot(open)?.records.length === 1);
  });

  test('changes can be awaited one after the other', async () => {
    const todos = client().collection<Todo>(newName());
    const ids: string[] = [];
    void todos.put('t1', { title: 'a' }).then(() => todos.put('t2', { title: 'b' }));
    for await (const { delta } of todos.changes()) {
      ids.push(...delta.upserted.filter((each) => !each.pending).map((each) => each.id));
      if (ids.includes('t2')) break;
    }
    expect(ids).toContain('t1');
  });
});
