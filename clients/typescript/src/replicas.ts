/** All replicas of a client: one for each collection and filter, however many ask for it, kept a little longer than the last of them. */

import type { HybridClock } from './clock.js';
import type { Outbox } from './outbox.js';
import { Filter } from './protocol/filter.js';
import type { AnyRecord, JsonObject, Result, SyncRecord, Write } from './protocol/wire.js';
import { Replica } from './replica.js';
import type { Journal } from './store/journal.js';
import type { ReplicaBatch, Store } from './store/store.js';

/** Where replicas get their pages: the link, or the tab that leads. */
export interface Source {
  /** @returns a function that ends it. */
  follow(replica: Replica): () => void;
}

interface Kept {
  replica: Replica;
  users: number;
  loaded: Promise<void>;
  unfollow?: () => void;
  leaving?: ReturnType<typeof setTimeout>;
}

export interface ReplicasOptions {
  /** Asked each time: a store that cannot be opened is replaced. */
  readonly store: () => Store;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly clock: HybridClock;
  readonly opened: Promise<void>;
  /** How long a replica that nobody uses goes on following, in milliseconds. */
  readonly linger: number;
  /** Whether the store holds records at all, or edits alone. */
  readonly keeps: () => boolean;
}

const mostSeen = 2_000;
const mostStored = 50;

export class Replicas {
  /** Whether this client writes what the server said to the store: in a browser, the tab that leads does. */
  leads = true;

  private readonly kept = new Map<string, Kept>();
  private readonly seen = new Map<string, number>();
  private source: Source | undefined;
  private closed = false;

  constructor(private readonly options: ReplicasOptions) {
    options.outbox.changed.add((writes) => this.refresh(writes));
    options.outbox.answered.add((writes, results) => this.answer(writes, results));
  }

  /** A replica that follows until `release` was called as often as this. */
  open(collection: string, filterJson: JsonObject | undefined): { replica: Replica; loaded: Promise<void>; release: () => void } {
    const filter = Filter.parse(filterJson);
    const kept = this.find(collection, filter) ?? this.create(collection, filter, filter.text ? filterJson : undefined);
    clearTimeout(kept.leaving);
    kept.users++;
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      if (--kept.users === 0) kept.leaving = setTimeout(() => this.leave(kept), this.options.linger);
    };
    return { replica: kept.replica, loaded: kept.loaded, release };
  }

  /** The replicas of a collection that are open. */
  of(collection: string): Replica[] {
    return [...this.kept.values()].map((each) => each.replica).filter((each) => each.collection === collection);
  }

  find(collection: string, filter: Filter): Kept | undefined {
    return this.kept.get(`${collection}${filter.text && ` ${filter.text}`}`);
  }

  /** From now on pages come from here; undefined: from nowhere. */
  attach(source: Source | undefined): void {
    this.source = source;
    for (const each of this.kept.values()) {
      each.unfollow?.();
      each.unfollow = undefined;
      void each.loaded.then(() => this.begin(each));
    }
  }

  /** Stores what all replicas hold, from now on by this client. */
  storeWhole(): void {
    for (const { replica, loaded } of this.kept.values()) void loaded.then(() => replica.persistWhole());
  }

  /** Replicas move forward; what is to be stored of them is returned. */
  private learn(collection: string, record: AnyRecord): ReplicaBatch[] {
    this.see(collection, record);
    const batches: ReplicaBatch[] = [];
    for (const replica of this.of(collection)) {
      const batch = replica.answer(record);
      if (batch) batches.push(batch);
    }
    return batches;
  }

  /** Takes a record that was read or answered. */
  take(collection: string, record: AnyRecord): void {
    const replicas = this.learn(collection, record);
    for (const replica of this.of(collection)) replica.refresh([record.id]);
    if (this.persists && replicas.length > 0) void this.options.journal.commit({ replicas }).catch(() => {});
  }

  /** The version the author of an edit is looking at; undefined where this client knows nothing. */
  base(collection: string, id: string): number | undefined {
    let base = this.seen.get(`${collection}/${id}`);
    let sawAll = false;
    for (const replica of this.of(collection)) {
      const version = replica.row(id)?.version;
      if (version !== undefined && version > (base ?? -1)) base = version;
      sawAll ||= replica.upToDate && replica.filter === Filter.everything;
    }
    return base ?? this.options.outbox.of(collection, id).at(-1)?.base ?? (sawAll ? 0 : undefined);
  }

  newest(collection: string, id: string): SyncRecord | undefined {
    let newest: SyncRecord | undefined;
    for (const replica of this.of(collection)) {
      const record = replica.row(id)?.record;
      if (record && (!newest || record.version > newest.version)) newest = record;
    }
    return newest;
  }

  close(): void {
    this.closed = true;
    for (const each of this.kept.values()) {
      clearTimeout(each.leaving);
      each.unfollow?.();
    }
    this.kept.clear();
  }

  /** What was not used for long makes room. */
  async prune(): Promise<void> {
    const stored = await this.options.store().replicas();
    const replicas = stored.slice(0, Math.max(0, stored.length - mostStored)).filter((key) => !this.kept.has(key));
    if (replicas.length > 0) await this.options.journal.commit({ replicas: replicas.map((key) => ({ key, drop: true, rows: [], caughtUp: false })) });
  }

  private get persists(): boolean {
    return this.leads && this.options.keeps();
  }

  private create(collection: string, filter: Filter, filterJson: JsonObject | undefined): Kept {
    const { outbox } = this.options;
    const replica: Replica = new Replica(collection, filter, filterJson, {
      pending: (id) => outbox.of(collection, id),
      pendingRecords: () => outbox.records(collection),
      elsewhere: (id) => this.newest(collection, id),
      persist: (batch) => {
        if (this.persists) void this.options.journal.commit({ replicas: [batch] }).catch(() => {});
      },
      seen: (record) => this.options.clock.observe(record.timestamp),
    });
    const kept: Kept = { replica, users: 0, loaded: this.load(replica) };
    this.kept.set(replica.key, kept);
    void kept.loaded.then(() => this.begin(kept));
    return kept;
  }

  private async load(replica: Replica): Promise<void> {
    try {
      await this.options.opened;
      await this.options.journal.idle();
      if (!this.options.keeps()) return replica.load({ caughtUp: false, rows: [] });
      const stored = await this.options.store().replica(replica.key);
      if (stored) return replica.load(stored);
    } catch {
      // A store that cannot be read is one that holds nothing: everything is read from the server.
    }
    replica.load({ caughtUp: false, rows: [] });
  }

  private begin(kept: Kept): void {
    if (this.closed || !this.source || kept.unfollow || this.kept.get(kept.replica.key) !== kept) return;
    kept.unfollow = this.source.follow(kept.replica);
  }

  private leave(kept: Kept): void {
    if (kept.users > 0) return;
    kept.unfollow?.();
    if (this.kept.get(kept.replica.key) === kept) this.kept.delete(kept.replica.key);
  }

  private refresh(writes: readonly Write[]): void {
    for (const replica of [...this.kept.values()].map((each) => each.replica)) {
      const ids = writes.filter((write) => write.collection === replica.collection).map((write) => write.record);
      if (ids.length > 0) replica.refresh(ids);
    }
  }

  /** Answers and what they move leave the outbox and enter the replicas in one transaction. */
  private answer(writes: readonly Write[], results: readonly Result[]): void {
    const replicas: ReplicaBatch[] = [];
    writes.forEach((write, i) => {
      const record = results[i]?.record;
      if (record) {
        this.options.clock.observe(record.timestamp);
        replicas.push(...this.learn(write.collection, record));
      }
    });
    // Shown when all is taken: of several answers about one record only the last is how it stands.
    this.refresh(writes);
    if (!this.leads) return;
    const settled = writes.map((write) => write.id);
    void this.options.journal.commit({ settled, replicas: this.persists ? replicas : [] }).catch(() => {});
  }

  private see(collection: string, record: AnyRecord): void {
    const key = `${collection}/${record.id}`;
    const version = Math.max(this.seen.get(key) ?? 0, record.version);
    this.seen.delete(key);
    this.seen.set(key, version);
    if (this.seen.size > mostSeen) this.seen.delete(this.seen.keys().next().value!);
  }
}
