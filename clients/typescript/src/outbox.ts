/** Pending writes in order: stored before they are sent, sent one batch at a time until there is an answer, each under its own id. */

import { Backoff } from './backoff.js';
import type { HybridClock } from './clock.js';
import { Edit } from './edit.js';
import { Listeners } from './listeners.js';
import { Pause } from './pause.js';
import { asFailure, Failure, passing, SyncError } from './protocol/failure.js';
import type { JsonObject, Limits, Op, Result, Write } from './protocol/wire.js';
import type { Journal } from './store/journal.js';

interface Pending {
  write: Write;
  saved: Promise<void>;
  bytes: number;
  /** When it may be sent again, after an answer that says later. */
  notBefore: number;
  backoff?: Backoff;
}

export interface Intent {
  collection: string;
  record: string;
  op: Op;
  data?: JsonObject;
  base?: number;
}

/** What the outbox needs from the rest of the client. */
export interface OutboxSurroundings {
  readonly client: string;
  readonly limits: () => Limits;
  /** Sends; resolves with one result for each write, by position. */
  readonly push: (writes: readonly Write[]) => Promise<readonly Result[]>;
  /** Resolves when it makes sense to send. */
  readonly ready: (signal: AbortSignal) => Promise<void>;
  readonly failed: (failure: Failure) => void;
  readonly measureClock: () => Promise<void>;
}

const mostPending = 10_000;
const encoder = new TextEncoder();

export class Outbox {
  /** Told of writes that came or changed. */
  readonly changed = new Listeners<[writes: readonly Write[]]>();
  /** Told of answers, before the edits settle. */
  readonly answered = new Listeners<[writes: readonly Write[], results: readonly Result[]]>();
  /** Told of writes made here, when they are stored: whoever sends for this client has to know. */
  readonly made = new Listeners<[write: Write]>();

  private readonly pending = new Map<string, Pending>();
  private readonly byRecord = new Map<string, Write[]>();
  private readonly edits = new Map<string, Edit>();
  private readonly pause = new Pause();
  private readonly closing = new AbortController();
  private pumping = false;
  private most = Number.POSITIVE_INFINITY;
  private sends = false;

  constructor(
    private readonly journal: Journal,
    private readonly clock: HybridClock,
    private readonly around: OutboxSurroundings,
  ) {}

  get size(): number {
    return this.pending.size;
  }

  /** The writes of one record that wait for their answers, in order. */
  of(collection: string, record: string): readonly Write[] {
    return this.byRecord.get(`${collection}/${record}`) ?? [];
  }

  /** The records of a collection that have pending writes. */
  records(collection: string): string[] {
    const ids = new Set<string>();
    for (const { write } of this.pending.values()) if (write.collection === collection) ids.add(write.record);
    return [...ids];
  }

  all(): Write[] {
    return [...this.pending.values()].map((each) => each.write);
  }

  /** @throws SyncError `overloaded` where too much waits already. */
  add(intent: Intent): Edit {
    if (this.closing.signal.aborted) throw new SyncError('closed', 'The client is closed.');
    if (this.pending.size >= mostPending) throw new SyncError('overloaded', `${mostPending} edits wait to be sent.`);
    const { base, ...rest } = intent;
    const write: Write = { id: crypto.randomUUID(), ...rest, timestamp: this.clock.stamp(), client: this.around.client };
    if (base !== undefined) write.base = base;
    const saved = this.journal.commit({ writes: [write] });
    const edit = new Edit(write.id, write.record, saved);
    this.edits.set(write.id, edit);
    this.take(write, saved);
    this.changed.tell([write]);
    saved.catch(() => {}).then(() => this.made.tell(write));
    void this.pump();
    return edit;
  }

  /** Writes that others made: found in the store, or told by another tab. */
  know(writes: readonly Write[]): void {
    const fresh = writes.filter((write) => !this.pending.has(write.id));
    for (const write of fresh) {
      this.clock.observe(write.timestamp);
      this.take(write, Promise.resolve());
    }
    if (fresh.length === 0) return;
    this.changed.tell(fresh);
    void this.pump();
  }

  /** The name of this client is known: it goes into the edits that were made before. They are not stored yet, nor sent. */
  name(client: string): void {
    for (const { write } of this.pending.values()) write.client ||= client;
  }

  /** Begins to send, or, for a tab that does not lead, stops. */
  send(sends: boolean): void {
    this.sends = sends;
    void this.pump();
  }

  /** Something got better: waits are over. */
  nudge(): void {
    for (const each of this.pending.values()) each.notBefore = 0;
    this.pause.nudge();
    void this.pump();
  }

  /** Takes answers: the writes leave the overlay, the edits settle. */
  settle(writes: readonly Write[], results: readonly Result[]): void {
    for (const write of writes) this.forget(write);
    this.answered.tell(writes, results);
    writes.forEach((write, i) => {
      this.edits.get(write.id)?.settle(results[i]!);
      this.edits.delete(write.id);
    });
  }

  close(): void {
    this.closing.abort();
    for (const edit of this.edits.values()) edit.abandon();
    this.edits.clear();
  }

  private async pump(): Promise<void> {
    if (this.pumping || !this.sends) return;
    this.pumping = true;
    const backoff = new Backoff();
    try {
      while (this.sends && this.pending.size > 0 && !this.closing.signal.aborted) {
        await this.around.ready(this.closing.signal);
        const batch = this.batch();
        if (this.closing.signal.aborted || !this.sends) return;
        if (batch.length > 0) await this.push(batch, backoff);
        else await this.pause.wait(this.untilNext(), this.closing.signal);
      }
    } finally {
      this.pumping = false;
    }
  }

  private async push(batch: readonly Pending[], backoff: Backoff): Promise<void> {
    await Promise.allSettled(batch.map((each) => each.saved));
    // A copy: what is sent is what is answered, whatever is stamped anew meanwhile.
    const writes = batch.map((each) => each.write);
    try {
      const results = await this.around.push(writes);
      backoff.succeeded();
      this.most *= 2;
      await this.sort(batch, results);
    } catch (error) {
      if (this.closing.signal.aborted) return;
      const failure = asFailure(error);
      this.around.failed(failure);
      if (failure.kind === 'refused') this.divide(batch, failure);
      else await this.pause.wait(backoff.next(failure.retryAfter), this.closing.signal);
    }
  }

  /** Refused as a whole: the half is tried, down to the one write that is refused by itself. It must hold nothing up. */
  private divide(batch: readonly Pending[], failure: Failure): void {
    this.most = Math.max(1, Math.floor(batch.length / 2));
    if (batch.length > 1) return;
    const { write } = batch[0]!;
    this.settle(
      [write],
      [{ id: write.id, outcome: 'invalid', code: failure.code, detail: failure.message, ...(failure.status && { status: failure.status }) }],
    );
  }

  private async sort(batch: readonly Pending[], results: readonly Result[]): Promise<void> {
    const settled: number[] = [];
    let clockIsWrong = false;
    let tokenIsMissing = false;
    batch.forEach((each, i) => {
      const result = results[i];
      const code = result?.outcome === 'invalid' ? result.code : undefined;
      if (!result || (code !== undefined && passing.has(code))) {
        each.backoff ??= new Backoff();
        each.notBefore = Date.now() + each.backoff.next();
      } else if (code === 'clock-ahead') {
        clockIsWrong = true;
        // At once the first time; should that not help, not in a hurry.
        if (each.backoff) each.notBefore = Date.now() + each.backoff.next();
        each.backoff ??= new Backoff();
      } else if (code === 'unauthorized') tokenIsMissing = true;
      else settled.push(i);
    });
    this.settle(
      settled.map((i) => batch[i]!.write),
      settled.map((i) => results[i]!),
    );
    if (clockIsWrong) await this.stampAnew();
    if (tokenIsMissing) this.around.failed(new Failure('unauthorized', 'A write needs a token.'));
  }

  /** The server has said that a timestamp is ahead: the clock is measured, and what is stamped too late gets a new one, in the same order. */
  private async stampAnew(): Promise<void> {
    this.clock.distrust();
    await this.around.measureClock();
    const changed: Write[] = [];
    for (const each of this.pending.values()) {
      if (!this.clock.isAhead(each.write.timestamp) && changed.length === 0) continue;
      each.write = { ...each.write, timestamp: this.clock.stamp() };
      this.replace(each.write);
      changed.push(each.write);
    }
    if (changed.length > 0) void this.journal.commit({ writes: changed }).catch(() => {});
    this.changed.tell(changed);
  }

  /** As many as the limits allow, in order; what waits for its time holds back later writes to the same record, and no others. */
  private batch(): Pending[] {
    const { writes = 500, frameBytes = 4 * 1024 * 1024 } = this.around.limits();
    const room = frameBytes * 0.9;
    const held = new Set<string>();
    const batch: Pending[] = [];
    const tooLarge: Write[] = [];
    let bytes = 0;
    for (const each of this.pending.values()) {
      const record = recordOf(each.write);
      if (each.bytes > room) tooLarge.push(each.write);
      else if (held.has(record) || each.notBefore > Date.now()) held.add(record);
      else if (batch.length >= Math.min(writes, this.most) || bytes + each.bytes > room) break;
      else {
        batch.push(each);
        bytes += each.bytes;
      }
    }
    if (tooLarge.length > 0) this.settle(tooLarge, tooLarge.map(asTooLarge));
    return batch;
  }

  private untilNext(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const each of this.pending.values()) next = Math.min(next, each.notBefore);
    return Math.min(Math.max(next - Date.now(), 10), 60_000);
  }

  private take(write: Write, saved: Promise<void>): void {
    this.pending.set(write.id, { write, saved, bytes: encoder.encode(JSON.stringify(write)).length + 1, notBefore: 0 });
    const list = this.byRecord.get(recordOf(write)) ?? [];
    this.byRecord.set(recordOf(write), [...list, write]);
  }

  private replace(write: Write): void {
    const list = this.byRecord.get(recordOf(write)) ?? [];
    this.byRecord.set(
      recordOf(write),
      list.map((each) => (each.id === write.id ? write : each)),
    );
  }

  private forget(write: Write): void {
    this.pending.delete(write.id);
    const list = (this.byRecord.get(recordOf(write)) ?? []).filter((each) => each.id !== write.id);
    if (list.length > 0) this.byRecord.set(recordOf(write), list);
    else this.byRecord.delete(recordOf(write));
  }
}

function recordOf(write: Write): string {
  return `${write.collection}/${write.record}`;
}

function asTooLarge(write: Write): Result {
  return { id: write.id, outcome: 'invalid', code: 'too-large', status: 413, detail: 'The write is larger than a frame may be.' };
}
