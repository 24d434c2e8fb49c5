/** What tests share: clients that end with the test, collections that nobody else has, and waiting for what must come. */

import { randomUUID } from 'node:crypto';
import { inject, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { SyncClient, type SyncClientOptions } from '../../src/index.js';

export const server = inject('server');

export function newName(): string {
  return `t${randomUUID()}`;
}

export function client(options: SyncClientOptions = {}, url = server): SyncClient {
  const made = new SyncClient(url, { WebSocket: WebSocket as never, retry: { first: 20, most: 500 }, tabs: false, ...options });
  onTestFinished(() => made.close());
  return made;
}

/** Tries until it holds: for what comes by itself, and has no signal of its own. */
export async function until<T>(question: () => T | Promise<T>, within = 10_000): Promise<T> {
  const end = Date.now() + within;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`It did not come true within ${within} ms: ${question}`);
    await new Promise((done) => setTimeout(done, 5));
  }
}

/** The server's own word, past the client. */
export async function call(
  path: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
  url = server,
): Promise<{ status: number; body: any }> {
  const response = await fetch(url + path, {
    method,
    headers: { ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}
