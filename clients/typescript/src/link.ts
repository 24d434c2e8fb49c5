/** The connection to the server: opens the best technique there is, falls back where one does not work, comes back, and goes up again. */

import { Backoff } from './backoff.js';
import { Listeners } from './listeners.js';
import type { Pause } from './pause.js';
import { asFailure, type Failure } from './protocol/failure.js';
import type { Result, Write } from './protocol/wire.js';
import type { Tokens } from './tokens.js';
import type { Http } from './transport/http.js';
import { type Feed, isDuplex, type Transport } from './transport/transport.js';
import { asError } from './transport/websocket.js';

export type LinkState = 'connecting' | 'online' | 'offline' | 'unauthorized';

export interface LinkOptions {
  /** The techniques to try, best first. */
  readonly ladder: readonly (() => Transport)[];
  readonly http: Http;
  readonly tokens: Tokens;
  readonly backoff: () => Backoff;
  /** After so many milliseconds a better technique is tried again. */
  readonly climbAfter: number;
  /** What an event in the browser cuts short. */
  readonly pause: Pause;
}

const climbAtMost = 10 * 60_000;
const shortLife = 3_000;

export class Link {
  readonly changed = new Listeners<[]>();
  state: LinkState = 'connecting';
  transport: Transport | undefined;
  lastFailure: Failure | undefined;

  private readonly feeds = new Map<Feed, AbortController>();
  private running: AbortController | undefined;
  private session: { signal: AbortSignal; end: (why: Failure | undefined) => void } | undefined;
  private level = 0;
  private shortLives = 0;
  private climb: number;
  private opened: Transport | undefined;

  constructor(private readonly options: LinkOptions) {
    this.climb = options.climbAfter;
  }

  start(): void {
    if (this.running) return;
    this.running = new AbortController();
    void this.run(this.running.signal);
  }

  stop(): void {
    this.running?.abort();
    this.running = undefined;
    this.session?.end(undefined);
  }

  /** @returns a function that ends it. */
  follow(feed: Feed): () => void {
    const leaving = new AbortController();
    this.feeds.set(feed, leaving);
    if (this.session) void this.followHere(feed, leaving.signal, this.transport!, this.session);
    return () => {
      this.feeds.delete(feed);
      leaving.abort();
    };
  }

  /** Resolves when the server can be reached, or the signal aborts. */
  async ready(signal: AbortSignal): Promise<void> {
    while (this.state !== 'online' && !signal.aborted)
      await new Promise<void>((resolve) => {
        const off = this.changed.add(done);
        signal.addEventListener('abort', done);
        function done() {
          off();
          signal.removeEventListener('abort', done);
          resolve();
        }
      });
  }

  async push(writes: readonly Write[]): Promise<readonly Result[]> {
    const { transport } = this;
    if (isDuplex(transport)) return transport.push(writes);
    const { body } = await this.options.http.call('/v1/writes', { method: 'POST', body: { writes } });
    return (body as unknown as { results: Result[] }).results;
  }

  /** Somebody met a failure that concerns all. */
  report(failure: Failure): void {
    this.lastFailure = failure;
    if (failure.kind === 'unauthorized') this.session?.end(failure);
    this.changed.tell();
  }

  private async run(signal: AbortSignal): Promise<void> {
    const backoff = this.options.backoff();
    while (!signal.aborted) {
      const transport = this.opened ?? this.options.ladder[this.level]!();
      try {
        if (!this.opened) await transport.open(signal);
        this.opened = undefined;
        const began = Date.now();
        const failure = await this.stay(transport, signal, backoff);
        this.shortLives = failure?.kind === 'lost' && Date.now() - began < shortLife ? this.shortLives + 1 : 0;
        if (failure) await this.mend(failure, backoff, signal);
      } catch (error) {
        this.opened = undefined;
        if (!signal.aborted) await this.mend(asFailure(error), backoff, signal, true);
      } finally {
        transport.close();
      }
    }
  }

  /** While it lasts. Resolves with why it ended, or without where something better is there. */
  private async stay(transport: Transport, signal: AbortSignal, backoff: Backoff): Promise<Failure | undefined> {
    const ending = new AbortController();
    const ended = new Promise<Failure | undefined>((resolve) => {
      this.session = { signal: ending.signal, end: resolve };
    });
    const session = this.session!;
    void transport.lost.then((why) => session.end(asFailure(why)));
    signal.addEventListener('abort', () => session.end(undefined), { signal: ending.signal });
    this.transport = transport;
    const steady = setTimeout(() => backoff.succeeded(), shortLife);
    this.become('online');
    for (const [feed, leaving] of this.feeds) void this.followHere(feed, leaving.signal, transport, session);
    if (this.level > 0) void this.tryBetter(session);
    const failure = await ended;
    clearTimeout(steady);
    ending.abort();
    this.session = undefined;
    this.transport = undefined;
    if (!signal.aborted) this.become(failure?.kind === 'unauthorized' ? 'unauthorized' : 'connecting');
    return failure;
  }

  private async followHere(feed: Feed, leaving: AbortSignal, transport: Transport, session: NonNullable<Link['session']>): Promise<void> {
    const signal = AbortSignal.any([leaving, session.signal]);
    const backoff = new Backoff(2_000, 60_000);
    while (!signal.aborted) {
      try {
        await transport.follow(feed, signal);
      } catch (error) {
        const failure = asFailure(error);
        if (signal.aborted) return;
        if (failure.kind !== 'refused') return session.end(failure);
        // This feed alone is refused; rights and collections come and go.
        feed.fail(asError(failure));
        await this.options.pause.wait(backoff.next(1_000), signal);
      }
    }
  }

  private async mend(failure: Failure, backoff: Backoff, signal: AbortSignal, opening = false): Promise<void> {
    this.lastFailure = failure;
    if (failure.kind === 'unauthorized') {
      this.options.tokens.refuse();
      this.become('unauthorized');
    } else if (failure.kind === 'unfit' || this.shortLives >= 3) {
      if (await this.fallBack(signal)) return;
      this.become('offline');
    } else if (opening) this.become('offline');
    await this.options.pause.wait(backoff.next(failure.retryAfter), signal);
  }

  /** The next technique, if the server can be reached at all: else it is not the technique's fault. */
  private async fallBack(signal: AbortSignal): Promise<boolean> {
    try {
      await this.options.http.time(signal);
    } catch {
      return false;
    }
    this.shortLives = 0;
    if (this.level + 1 === this.options.ladder.length) {
      this.level = 0;
      return false;
    }
    this.level++;
    return true;
  }

  private async tryBetter(session: NonNullable<Link['session']>): Promise<void> {
    for (;;) {
      await this.options.pause.wait(this.climb, session.signal);
      if (session.signal.aborted) return;
      this.climb = Math.min(this.climb * 2, climbAtMost);
      for (let level = 0; level < this.level; level++) if (await this.openBetter(level, session)) return;
    }
  }

  private async openBetter(level: number, session: NonNullable<Link['session']>): Promise<boolean> {
    const better = this.options.ladder[level]!();
    try {
      await better.open(session.signal);
    } catch {
      better.close();
      return false;
    }
    if (session.signal.aborted) better.close();
    else {
      this.opened = better;
      this.level = level;
      session.end(undefined);
    }
    return true;
  }

  private become(state: LinkState): void {
    this.state = state;
    if (state === 'online') this.lastFailure = undefined;
    this.changed.tell();
  }
}
