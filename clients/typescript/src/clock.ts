/** A hybrid clock: timestamps that ever rise, come after everything seen, and keep to the server's time. */

import { formatTicks, parseTicks, ticksPerMillisecond } from './protocol/timestamp.js';

/** The server takes 60 s; some of it is left for what the measurement does not see. */
const furthestAhead = 50_000n * ticksPerMillisecond;

export class HybridClock {
  private last = 0n;
  private offset = 0n;
  private trip = Number.POSITIVE_INFINITY;

  /** @param now the device's clock, in milliseconds since 1970. */
  constructor(readonly now: () => number = Date.now) {}

  /** How far the device's clock is behind the server's, in milliseconds. */
  get drift(): number {
    return Number(this.offset / ticksPerMillisecond);
  }

  /** A timestamp later than all before, and than all seen. */
  stamp(): string {
    const present = this.present();
    const next = this.last + 1n;
    // What lies further ahead than the server allows can only come from a clock that was wrong.
    this.last = next > present && next <= present + furthestAhead ? next : present;
    return formatTicks(this.last);
  }

  /** Timestamps from now on come after this one. */
  observe(timestamp: string): void {
    const ticks = parseTicks(timestamp);
    if (ticks !== undefined && ticks > this.last && ticks <= this.present() + furthestAhead) this.last = ticks;
  }

  /**
   * Takes the server's time from an answer; it was read half the round trip ago.
   * @param sent when the question left, by the device's clock.
   */
  measure(timestamp: string, sent: number, received: number = this.now()): void {
    const ticks = parseTicks(timestamp);
    const trip = received - sent;
    // A quick answer is more exact than a slow one; an old measurement loses its worth.
    if (ticks === undefined || trip < 0 || trip > this.trip * 2) {
      this.trip *= 1.5;
      return;
    }
    this.trip = Math.max(trip, 1);
    this.offset = ticks - BigInt(Math.round(sent + trip / 2)) * ticksPerMillisecond;
  }

  /** The next measurement counts, however slow: the server has said that this clock is wrong. */
  distrust(): void {
    this.trip = Number.POSITIVE_INFINITY;
    this.last = 0n;
  }

  isAhead(timestamp: string): boolean {
    return (parseTicks(timestamp) ?? 0n) > this.present();
  }

  private present(): bigint {
    return BigInt(Math.round(this.now())) * ticksPerMillisecond + this.offset;
  }
}
