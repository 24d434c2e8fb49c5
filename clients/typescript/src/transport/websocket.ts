/** One WebSocket for everything: feeds, writes, presence (protocol §9). */

import type { HybridClock } from '../clock.js';
import { Failure, passing, SyncError } from '../protocol/failure.js';
import type { JsonObject, Limits, Page, Result, Write } from '../protocol/wire.js';
import { expiryOf, type Tokens } from '../tokens.js';
import type { Duplex, Feed } from './transport.js';

type Asked = { resolve: (frame: JsonObject) => void; reject: (failure: Failure) => void; each?: (frame: JsonObject) => void; kept: boolean };
export type WebSocketLike = new (url: string) => WebSocket;

export interface SocketOptions {
  readonly url: string;
  readonly client: string;
  readonly tokens: Tokens;
  readonly clock: HybridClock;
  readonly WebSocket: WebSocketLike;
  readonly silence: number;
}

const opening = 10_000;
const pingEvery = 5 * 60_000;

export class WebSocketTransport implements Duplex {
  readonly name = 'websocket';
  limits: Limits = {};
  author = '';
  readonly lost: Promise<Failure>;

  private socket: WebSocket | undefined;
  private readonly asked = new Map<number, Asked>();
  private readonly feeds = new Map<string, (page: Page | Failure) => void>();
  private ref = 0;
  private heard = 0;
  private failure: Failure | undefined;
  private end!: (failure: Failure) => void;
  private readonly timers: ReturnType<typeof setTimeout>[] = [];

  constructor(private readonly options: SocketOptions) {
    this.lost = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  async open(signal: AbortSignal): Promise<void> {
    const { options } = this;
    const token = await options.tokens.current();
    if (signal.aborted) throw new Failure('lost', 'The connection was given up.');
    const socket = new options.WebSocket(`${options.url.replace(/^http/, 'ws')}/v1/socket`);
    this.socket = socket;
    const abort = () => this.fail(new Failure('lost', 'The connection was given up.'));
    signal.addEventListener('abort', abort);
    const tooLong = setTimeout(() => this.fail(new Failure('unfit', 'The WebSocket did not open in time.')), opening);
    try {
      const sent = { at: 0 };
      const welcome = new Promise<JsonObject>((resolve, reject) => {
        socket.onopen = () => {
          sent.at = options.clock.now();
          socket.send(JSON.stringify({ type: 'hello', version: 1, ...(token && { token }), client: options.client }));
        };
        socket.onmessage = (event: MessageEvent) => resolve(JSON.parse(event.data as string) as JsonObject);
        socket.onclose = (event: CloseEvent) => this.fail(failureOf(event.code, event.reason, false));
        socket.onerror = () => {};
        void this.lost.then(reject);
      });
      this.begin(await welcome, sent.at, token);
    } finally {
      clearTimeout(tooLong);
      signal.removeEventListener('abort', abort);
    }
  }

  async follow(feed: Feed, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.followOnce(feed, signal);
  }

  async push(writes: readonly Write[]): Promise<readonly Result[]> {
    const frame = await this.ask({ type: 'write', writes });
    return frame.results as unknown as Result[];
  }

  ask(frame: object, each?: (frame: JsonObject) => void): Promise<JsonObject> {
    if (this.failure) return Promise.reject(this.failure);
    const ref = ++this.ref;
    return new Promise((resolve, reject) => {
      this.asked.set(ref, { resolve, reject, each, kept: each !== undefined });
      this.socket!.send(JSON.stringify({ ...frame, ref }));
    });
  }

  close(): void {
    this.fail(new Failure('lost', 'The connection was closed.'));
  }

  private begin(welcome: JsonObject, sent: number, token: string | undefined): void {
    if (welcome.type !== 'welcome') {
      const failure = problemOf(welcome);
      this.fail(failure);
      throw failure;
    }
    this.limits = (welcome.limits ?? {}) as Limits;
    this.author = String(welcome.author ?? '');
    this.options.clock.measure(String(welcome.timestamp), sent);
    this.heard = Date.now();
    const socket = this.socket!;
    socket.onmessage = (event: MessageEvent) => this.take(JSON.parse(event.data as string) as JsonObject);
    socket.onclose = (event: CloseEvent) => this.fail(failureOf(event.code, event.reason, true));
    this.every(Math.min(this.options.silence / 4, 5_000), () => this.listen());
    this.every(pingEvery, () => void this.ping().catch(() => {}));
    this.renewBefore(token);
  }

  /** Resolves when the feed is to be asked for again from its own cursor, or when the signal aborts. */
  private async followOnce(feed: Feed, signal: AbortSignal): Promise<void> {
    if (this.failure) throw this.failure;
    const { collection, filterJson: filter, cursor } = feed;
    const pages = new Promise<void>((resolve, reject) => {
      let name = '';
      const leave = () => {
        this.feeds.delete(name);
        signal.removeEventListener('abort', stop);
      };
      const stop = () => {
        leave();
        if (name && !this.failure)
          void this.ask({ type: 'unsubscribe', feed: name }).then(
            () => resolve(),
            () => resolve(),
          );
        else resolve();
      };
      const take = (page: Page | Failure) => {
        if (page instanceof Failure) {
          leave();
          reject(page);
        } else if (!feed.accept(page)) stop();
      };
      signal.addEventListener('abort', stop);
      const subscribed = (frame: JsonObject) => {
        // Told at once and not by the promise: the first page may be in the same packet.
        name = String(frame.feed);
        if (signal.aborted) void this.ask({ type: 'unsubscribe', feed: name }).catch(() => {});
        else this.feeds.set(name, take);
      };
      this.asked.set(++this.ref, { resolve: subscribed, reject: take, kept: false });
      this.socket!.send(JSON.stringify({ type: 'subscribe', ref: this.ref, collection, filter, since: cursor }));
    });
    await pages;
  }

  private take(frame: JsonObject): void {
    this.heard = Date.now();
    if (frame.type === 'changes') this.feeds.get(String(frame.feed))?.(frame as unknown as Page);
    else if (frame.type === 'heartbeat') this.options.clock.observe(String(frame.timestamp));
    else if (typeof frame.ref === 'number') this.answer(frame.ref, frame);
    else if (frame.type === 'problem' && typeof frame.feed === 'string') this.feeds.get(frame.feed)?.(problemOf(frame));
  }

  private answer(ref: number, frame: JsonObject): void {
    const asked = this.asked.get(ref);
    if (!asked) return;
    const refused = frame.type === 'problem';
    if (!asked.kept || refused) this.asked.delete(ref);
    if (refused) asked.reject(problemOf(frame));
    else asked.resolve(frame);
    asked.each?.(frame);
  }

  private async ping(): Promise<void> {
    const sent = this.options.clock.now();
    const pong = await this.ask({ type: 'ping' });
    this.options.clock.measure(String(pong.timestamp), sent);
  }

  private listen(): void {
    if (Date.now() - this.heard > this.options.silence) this.fail(new Failure('lost', 'The server has not been heard of.'));
  }

  /** A new token goes over the same socket half a minute before the old one expires. */
  private renewBefore(token: string | undefined): void {
    const expiry = expiryOf(token);
    if (expiry === undefined) return;
    const wait = Math.min(Math.max(expiry - Date.now() - 30_000, 1_000), 2 ** 31 - 1);
    this.timers.push(
      setTimeout(async () => {
        this.options.tokens.refuse();
        const fresh = await this.options.tokens.current().catch(() => undefined);
        if (!fresh || fresh === token || this.failure) return;
        await this.ask({ type: 'token', token: fresh }).catch(() => {});
        this.renewBefore(fresh);
      }, wait),
    );
  }

  private every(milliseconds: number, action: () => void): void {
    this.timers.push(setInterval(action, milliseconds));
  }

  private fail(failure: Failure): void {
    if (this.failure) return;
    this.failure = failure;
    for (const timer of this.timers) clearTimeout(timer);
    if (failure.kind === 'unauthorized') this.options.tokens.refuse();
    const { socket } = this;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
    for (const asked of [...this.asked.values()]) asked.reject(failure);
    for (const feed of [...this.feeds.values()]) feed(failure);
    this.asked.clear();
    this.feeds.clear();
    this.end(failure);
  }
}

function failureOf(code: number, reason: string, opened: boolean): Failure {
  const why = `The WebSocket was closed: ${code}${reason && ` ${reason}`}.`;
  if (code === 4401) return new Failure('unauthorized', why);
  if (code === 4400 || code === 4403 || (!opened && code !== 1012 && code !== 4429)) return new Failure('unfit', why);
  return new Failure('lost', why);
}

function problemOf(frame: JsonObject): Failure {
  const code = String(frame.code ?? 'internal');
  const kind = code === 'unauthorized' ? 'unauthorized' : passing.has(code) && code !== 'rate-limited' ? 'lost' : 'refused';
  return new Failure(kind, String(frame.detail ?? code), code);
}

/** What a refusal of one request is to the caller. */
export function asError(failure: Failure): SyncError {
  return new SyncError(failure.code, failure.message, failure.status);
}
