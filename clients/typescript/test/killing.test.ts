import { expect, onTestFinished, test } from 'vitest';
import { ServerProcess } from './server/process.js';
import { call, client, newName, until } from './server/world.js';

test('A server that is killed in the middle costs no edit and counts none twice', { timeout: 120_000 }, async () => {
  const server = await ServerProcess.started();
  onTestFinished(() => server.stop());
  const [writer, reader] = [client({}, server.url), client({ transports: ['sse'] }, server.url)];
  const name = newName();
  const seen: number[] = [];
  reader.collection<{ n: number }>(name).subscribe((snapshot) => seen.push(snapshot.records[0]?.data.n ?? 0));
  const edits = [];
  for (let i = 0; i < 200; i++) {
    edits.push(writer.collection(name).increment('a', 'n'));
    if (i % 10 === 0) await new Promise((done) => setTimeout(done, 5));
    if (i === 100) await server.kill();
  }
  await until(() => writer.status.state === 'offline');
  await server.start();
  for (const edit of edits) expect(['applied', 'merged']).toContain((await edit).outcome);
  expect((await call(`/v1/collections/${name}/records/a`, 'GET', undefined, {}, server.url)).body.data).toEqual({ n: 200 });
  await until(() => seen.at(-1) === 200);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});
