/** A collection as an application uses it: read, edit, follow. Edits take effect here at once and are sent when they can be. */

import type { SyncClient } from './client.js';
import { Conflicts } from './conflicts.js';
import type { Edit } from './edit.js';
import { inOrderOf } from './order.js';
import { overlaid } from './overlay.js';
import type { Announcement } from './presence.js';
import { asFailure, SyncError } from './protocol/failure.js';
import { Filter } from './protocol/filter.js';
import { patchAt } from './protocol/path.js';
import type { HistoryEntry, Json, JsonObject, Op, Person, SyncRecord } from './protocol/wire.js';
import type { Delta, Snapshot } from './replica.js';

/** A merge patch: what is named changes, `null` removes, field operations count on whatever stands. */
export type Patch<T> = T extends readonly unknown[]
  ? T | FieldOperation | null
  : T extends object
    ? { [K in keyof T]?: Patch<T[K]> | FieldOperation | null }
    : T | FieldOperation | null;
export type FieldOperation = { $increment: number } | { $addToSet: Json[] } | { $removeFromSet: Json[] } | { $serverTime: true };

export interface ListOptions {
  readonly filter?: JsonObject;
  /** A path, `id`, `timestamp` or `version`, with `-` before it for the reverse. */
  readonly orderBy?: string;
  /** 1–1,000. */
  readonly limit?: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

export interface List<T> {
  readonly records: readonly SyncRecord<T>[];
  readonly next?: string;
  /** The server could not be reached: these are the records held here. */
  readonly local?: true;
}

export interface EditOptions {
  /** The version the author was looking at; the one shown here unless told. */
  readonly base?: number;
}

const idShape = /^[A-Za-z0-9\-_.~:@]{1,128}$/;

export class Collection<T extends object = JsonObject> {
  readonly conflicts: Conflicts<T>;

  constructor(
    readonly name: string,
    private readonly client: SyncClient,
  ) {
    this.conflicts = new Conflicts<T>(name, client);
  }

  /** The record with one's own edits on it; undefined where there is none. From what is followed here, else from the server. */
  async get(id: string): Promise<SyncRecord<T> | undefined> {
    const { replicas, http, opened, outbox } = this.client.inner;
    checkId(id);
    await opened;
    const whole = replicas.find(this.name, Filter.everything);
    await whole?.loaded;
    if (whole?.replica.upToDate) return whole.replica.get(id) as SyncRecord<T> | undefined;
    let answered: SyncRecord;
    try {
      answered = (await http.call(this.path(id))).body as unknown as SyncRecord;
    } catch (error) {
      const failure = asFailure(error);
      if (failure.status === 404 || failure.status === 410) return overlaid(id, undefined, outbox.of(this.name, id)) as SyncRecord<T> | undefined;
      const known = overlaid(id, replicas.newest(this.name, id), outbox.of(this.name, id));
      if (failure.kind === 'lost' && known) return known as SyncRecord<T>;
      throw new SyncError(failure.kind === 'lost' ? 'unavailable' : failure.code, failure.message, failure.status);
    }
    replicas.take(this.name, answered);
    const held = replicas.newest(this.name, id);
    return overlaid(id, held && held.version > answered.version ? held : answered, outbox.of(this.name, id)) as SyncRecord<T> | undefined;
  }

  /** A page of the records as the server has them, with one's own edits on them. Offline: of those held here, if the collection is followed. */
  async list(options: ListOptions = {}): Promise<List<T>> {
    const filter = Filter.parse(options.filter);
    const query = new URLSearchParams();
    for (const name of ['orderBy', 'limit', 'after'] as const) if (options[name] !== undefined) query.set(name, String(options[name]));
    if (options.filter) query.set('filter', JSON.stringify(options.filter));
    const { http, outbox, opened } = this.client.inner;
    await opened;
    try {
      const { body } = await http.call(`/v1/collections/${this.name}/records?${query}`);
      const page = body as unknown as { records: SyncRecord[]; next?: string };
      const shown = page.records.map((record) => overlaid(record.id, record, outbox.of(this.name, record.id)));
      const records = shown.filter((record) => record !== undefined && filter.matches(record.id, record.data)) as unknown as SyncRecord<T>[];
      return { records, ...(page.next !== undefined && { next: page.next }) };
    } catch (error) {
      const failure = asFailure(error);
      const local = failure.kind === 'lost' ? this.listHere(filter, options) : undefined;
      if (local) return local;
      throw new SyncError(failure.kind === 'lost' ? 'unavailable' : failure.code, failure.message, failure.status);
    }
  }

  /** Puts the whole data. */
  put(id: string, data: T, options?: EditOptions): Edit<T> {
    return this.edit('put', id, data, options);
  }

  /** Creates a record under a fresh id, which is in the edit's `record`. */
  add(data: T): Edit<T> {
    return this.edit('put', crypto.randomUUID(), data, { base: 0 });
  }

  patch(id: string, changes: Patch<T>, options?: EditOptions): Edit<T> {
    return this.edit('patch', id, changes as object, options);
  }

  delete(id: string, options?: EditOptions): Edit<T> {
    return this.edit('delete', id, undefined, options);
  }

  /** Adds to a number, whatever stands there. */
  increment(id: string, path: string, by = 1): Edit<T> {
    return this.edit('patch', id, patchAt(path, { $increment: by }));
  }

  /** Adds to a list those that are not in it. */
  addToSet(id: string, path: string, ...values: Json[]): Edit<T> {
    return this.edit('patch', id, patchAt(path, { $addToSet: values }));
  }

  removeFromSet(id: string, path: string, ...values: Json[]): Edit<T> {
    return this.edit('patch', id, patchAt(path, { $removeFromSet: values }));
  }

  /** Follows the collection, or what meets the filter: told at once of what is held, then of each change. @returns a function that ends it. */
  subscribe(listener: (snapshot: Snapshot<T>, delta: Delta<T>) => void): () => void;
  subscribe(filter: JsonObject | undefined, listener: (snapshot: Snapshot<T>, delta: Delta<T>) => void): () => void;
  subscribe(
    first: JsonObject | undefined | ((snapshot: Snapshot<T>, delta: Delta<T>) => void),
    second?: (snapshot: Snapshot<T>, delta: Delta<T>) => void,
  ): () => void {
    const [filter, listener] = typeof first === 'function' ? [undefined, first] : [first, second!];
    const { replica, loaded, release } = this.client.inner.replicas.open(this.name, filter);
    const tell = (snapshot: Snapshot, delta: Delta) => listener(snapshot as unknown as Snapshot<T>, delta as unknown as Delta<T>);
    let over = false;
    let off = () => {};
    void loaded.then(() => {
      if (over) return;
      off = replica.listeners.add(tell);
      const snapshot = replica.snapshot();
      if (snapshot.upToDate || snapshot.records.length > 0) tell(snapshot, { upserted: snapshot.records, removed: [] });
    });
    return () => {
      over = true;
      off();
      release();
    };
  }

  /** What a subscription with this filter shows just now; the same object until it changes. */
  snapshot(filter?: JsonObject): Snapshot<T> | undefined {
    const kept = this.client.inner.replicas.find(this.name, Filter.parse(filter));
    return kept?.replica.snapshot() as unknown as Snapshot<T> | undefined;
  }

  /** As `subscribe`, for `for await`. Who reads slowly gets several changes as one. */
  async *changes(filter?: JsonObject): AsyncGenerator<{ snapshot: Snapshot<T>; delta: Delta<T> }, void> {
    let snapshot: Snapshot<T> | undefined;
    const upserted = new Map<string, SyncRecord<T>>();
    const removed = new Set<string>();
    let wake = () => {};
    const end = this.subscribe(filter, (next, delta) => {
      snapshot = next;
      for (const record of delta.upserted) {
        removed.delete(record.id);
        upserted.set(record.id, record);
      }
      for (const id of delta.removed) {
        upserted.delete(id);
        removed.add(id);
      }
      wake();
    });
    try {
      for (;;) {
        if (!snapshot) await new Promise<void>((resolve) => (wake = resolve));
        const next = { snapshot: snapshot!, delta: { upserted: [...upserted.values()], removed: [...removed] } };
        snapshot = undefined;
        upserted.clear();
        removed.clear();
        yield next;
      }
    } finally {
      end();
    }
  }

  /** What happened to a record, newest first. */
  async history(id: string, options: { limit?: number; after?: string } = {}): Promise<{ entries: readonly HistoryEntry[]; next?: string }> {
    const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, String(value)]));
    try {
      return (await this.client.inner.http.persist(`${this.path(id)}/history?${query}`)).body as unknown as { entries: HistoryEntry[]; next?: string };
    } catch (error) {
      const failure = asFailure(error);
      throw new SyncError(failure.code, failure.message, failure.status);
    }
  }

  /** Who looks at or edits what of this collection. */
  get presence() {
    const { presence } = this.client;
    return {
      announce: (record: string, what?: Announcement) => presence.announce(this.name, record, what),
      watch: (record: string | undefined, listener: (people: readonly Person[]) => void) => presence.watch(this.name, record, listener),
    };
  }

  private edit(op: Op, record: string, data: object | undefined, options?: EditOptions): Edit<T> {
    checkId(record);
    const { outbox, replicas } = this.client.inner;
    const base = options?.base ?? replicas.base(this.name, record);
    // A copy: what the application does with its object afterwards is no edit. JSON, since that is what travels.
    const copy = data === undefined ? undefined : (JSON.parse(JSON.stringify(data)) as JsonObject);
    return outbox.add({ collection: this.name, record, op, ...(copy && { data: copy }), base }) as unknown as Edit<T>;
  }

  private listHere(filter: Filter, { orderBy, limit = 1_000 }: ListOptions): List<T> | undefined {
    const replica = this.client.inner.replicas.of(this.name).find((each) => each.filter === Filter.everything || each.filter.text === filter.text);
    if (!replica) return undefined;
    const held = replica.snapshot().records.filter((record) => filter.matches(record.id, record.data));
    return { records: inOrderOf(held, orderBy).slice(0, limit) as unknown as SyncRecord<T>[], local: true };
  }

  private path(id: string): string {
    return `/v1/collections/${this.name}/records/${encodeURIComponent(id)}`;
  }
}

function checkId(id: string): void {
  if (!idShape.test(id) || id === '.' || id === '..') throw new SyncError('invalid-name', `'${id}' is no id: 1–128 of A–Z a–z 0–9 - _ . ~ : @.`);
}
