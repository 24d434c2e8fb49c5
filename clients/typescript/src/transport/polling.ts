/** Polling: asks for what is new, at a pace that quickens while there is more to read. */

import type { Pause } from '../pause.js';
import { asFailure } from '../protocol/failure.js';
import type { Page } from '../protocol/wire.js';
import type { Http } from './http.js';
import { changesPath, type Feed, type Pace, type Transport } from './transport.js';

export class PollingTransport implements Transport {
  readonly name = 'polling';
  readonly lost = new Promise<never>(() => {});

  constructor(
    private readonly http: Http,
    private readonly pace: Pace,
    private readonly pause: Pause,
  ) {}

  async open(signal: AbortSignal): Promise<void> {
    await this.http.time(signal);
  }

  async follow(feed: Feed, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const page = (await this.http.call(changesPath(feed), { signal })).body as unknown as Page;
        if (signal.aborted) return;
        const taken = feed.accept(page);
        if (taken && page.upToDate) await this.pause.wait(this.pace.pollEvery * (0.9 + Math.random() / 5), signal);
      }
    } catch (error) {
      if (!signal.aborted) throw asFailure(error);
    }
  }

  close(): void {}
}
