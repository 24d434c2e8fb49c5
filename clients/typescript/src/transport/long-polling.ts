/** Long polling: the server holds each question until there is something to tell. */

import { asFailure } from '../protocol/failure.js';
import type { Page } from '../protocol/wire.js';
import type { Http } from './http.js';
import { changesPath, type Feed, type Pace, type Transport } from './transport.js';

export class LongPollingTransport implements Transport {
  readonly name = 'long-polling';
  readonly lost = new Promise<never>(() => {});

  constructor(
    private readonly http: Http,
    private readonly pace: Pace,
  ) {}

  async open(signal: AbortSignal): Promise<void> {
    await this.http.time(signal);
  }

  async follow(feed: Feed, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        // From the beginning there is nothing to wait for: even that it is empty is news.
        const more: Record<string, number> = feed.cursor === undefined ? {} : { wait: this.pace.wait };
        const { body } = await this.http.call(changesPath(feed, more), { signal, within: this.pace.wait * 1000 + 15_000 });
        if (!signal.aborted) feed.accept(body as unknown as Page);
      }
    } catch (error) {
      if (!signal.aborted) throw asFailure(error);
    }
  }

  close(): void {}
}
