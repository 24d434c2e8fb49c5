import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TransportName } from '../src/index.js';
import { ServerProcess } from './server/process.js';
import { call, client, newName, until } from './server/world.js';

const key = 'a key of at least thirty-two bytes, for tests';
let server: ServerProcess;

beforeAll(async () => {
  server = await ServerProcess.started('--Auth:Key', key);
});
afterAll(() => server.stop());

function token(sub: string, seconds: number, ...roles: string[]): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub, roles, exp: Math.floor(Date.now() / 1000) + seconds })}`;
  return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
}

const write = (path: string, body: object) => call(path, 'PUT', body, { Authorization: `Bearer ${token('bob', 60)}` }, server.url);

describe('Callers with tokens', () => {
  test('without a token edits wait, with one they are sent', async () => {
    const sync = client({}, server.url);
    const todos = sync.collection(newName());
    const edit = todos.put('t1', { n: 1 });
    await until(() => sync.status.state === 'unauthorized' || sync.status.lastError?.code === 'unauthorized');
    expect(sync.status.pending).toBe(1);
    sync.setToken(token('ada', 60));
    expect(await edit).toMatchObject({ outcome: 'applied', record: { author: 'ada' } });
  });

  test.each<TransportName>(['websocket', 'sse', 'long-polling'])('over %s a token that expires is replaced, and nothing is missed', async (name) => {
    let asked = 0;
    const sync = client({ transports: [name], wait: 1, token: () => token('ada', asked++ === 0 ? 2 : 60) }, server.url);
    const todos = sync.collection<{ n: number }>(newName());
    todos.subscribe(() => {});
    await until(() => todos.snapshot()?.upToDate);
    await until(async () => {
      await write(`/v1/collections/${todos.name}/records/t1`, { n: asked });
      return asked >= 2;
    }, 20_000);
    await write(`/v1/collections/${todos.name}/records/t2`, { n: 9 });
    await until(() => todos.snapshot()?.records.length === 2);
    expect(await todos.patch('t2', { n: 10 })).toMatchObject({ outcome: 'applied', record: { author: 'ada' } });
  });

  test('who may not is told so, and others go on', async () => {
    const name = newName();
    const admin = { Authorization: `Bearer ${token('root', 60, 'admin')}` };
    await call(`/v1/collections/${name}`, 'PUT', { access: { read: ['user:bob'], write: ['user:bob'] } }, admin, server.url);
    const sync = client({ token: token('ada', 60) }, server.url);
    const closed = sync.collection(name);
    closed.subscribe(() => {});
    await until(() => ['forbidden', 'unknown-collection', 'not-found'].includes(closed.snapshot()?.error?.code ?? ''));
    expect((await closed.put('t1', {})).outcome).toBe('invalid');
    expect(await sync.collection(newName()).put('t1', {})).toMatchObject({ outcome: 'applied' });
    expect(sync.status).toMatchObject({ state: 'online', pending: 0 });
  });
});
