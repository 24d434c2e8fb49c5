import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { newName, server } from './server/world.js';

/** `tests/wire/README.md` says how the steps are read. */
type Step = { send?: object; receive?: any; keep?: Record<string, string>; unordered?: true };

const { steps } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../tests/wire/frames.json'), 'utf8')) as { steps: Step[] };

test('The server speaks the frames that clients are written for', async () => {
  const known: Record<string, unknown> = { collection: newName() };
  const socket = new WebSocket(`${server.replace('http', 'ws')}/v1/socket`);
  onTestFinished(() => socket.close());
  const frames: any[] = [];
  let arrived = () => {};
  socket.on('message', (text) => {
    const frame = JSON.parse(String(text));
    if (frame.type !== 'heartbeat') frames.push(frame);
    arrived();
  });
  await new Promise((done) => socket.once('open', done));

  const early: any[] = [];
  for (const [i, step] of steps.entries()) {
    if (step.send) {
      socket.send(JSON.stringify(filled(step.send, known)));
      continue;
    }
    const expected = filled(step.receive, known) as any;
    let frame = early.find((each) => each.type === expected.type);
    if (frame) early.splice(early.indexOf(frame), 1);
    while (!frame) {
      if (frames.length === 0) await new Promise<void>((done) => (arrived = done));
      const next = frames.shift();
      if (!next) continue;
      if (step.unordered && next.type !== expected.type) early.push(next);
      else frame = next;
    }
    expect(frame, `step ${i}`).toMatchObject(expected);
    for (const [name, path] of Object.entries(step.keep ?? {})) known[name] = path.split('.').reduce((value, member) => value[member], frame);
  }
});

function filled(value: any, known: Record<string, unknown>): unknown {
  if (value === '*') return expect.anything();
  if (typeof value === 'string' && value.startsWith('$')) return known[value.slice(1)];
  if (Array.isArray(value)) return value.map((each) => filled(each, known));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, known)]));
}
