/** What this client holds of a collection, or of the part a filter asks for: what the server said, and on top of it one's own pending edits. */

import { Listeners } from './listeners.js';
import { overlaid } from './overlay.js';
import { compareText, equal } from './protocol/compare.js';
import type { SyncError } from './protocol/failure.js';
import type { Filter } from './protocol/filter.js';
import { type AnyRecord, type Change, isLive, type JsonObject, type Page, type SyncRecord, type Tombstone, type Write } from './protocol/wire.js';
import type { ReplicaBatch, Row, StoredReplica } from './store/store.js';

/** Immutable; another object only when its content is another. */
export interface Snapshot<T = JsonObject> {
  /** In order of id. */
  readonly records: readonly SyncRecord<T>[];
  /** Whether these are all there are, as far as the server had said. */
  readonly upToDate: boolean;
  /** Set while the server refuses this subscription. */
  readonly error?: SyncError;
}

export interface Delta<T = JsonObject> {
  readonly upserted: readonly SyncRecord<T>[];
  readonly removed: readonly string[];
}

export interface ReplicaSurroundings {
  pending(id: string): readonly Write[];
  pendingRecords(): readonly string[];
  /** The newest that other replicas of the collection hold of a record. */
  elsewhere(id: string): SyncRecord | undefined;
  persist(batch: ReplicaBatch): void;
  seen(record: AnyRecord): void;
}

/** So many deleted or vanished records are remembered: late answers do not bring them back. */
const mostGone = 5_000;

export class Replica {
  readonly key: string;
  readonly listeners = new Listeners<[snapshot: Snapshot, delta: Delta]>();
  /** Told of each page that was taken, for followers in other tabs. */
  readonly pages = new Listeners<[page: Page]>();
  cursor: string | undefined;
  upToDate = false;
  error: SyncError | undefined;

  /** Told when a record gets a conflict, loses it, or the conflict changes. */
  readonly disputes = new Listeners<[]>();

  private readonly disputed = new Map<string, AnyRecord>();
  private disputesChanged = false;
  private readonly rows = new Map<string, Row>();
  private readonly gone = new Set<string>();
  private readonly shown = new Map<string, SyncRecord>();
  private ids: string[] = [];
  private current: Snapshot | undefined;
  private changedRows = new Set<string>();

  constructor(
    readonly collection: string,
    readonly filter: Filter,
    readonly filterJson: JsonObject | undefined,
    private readonly around: ReplicaSurroundings,
  ) {
    this.key = `${collection}${filter.text && ` ${filter.text}`}`;
  }

  /** Takes what a store or another tab holds; answers that came meanwhile stay, unless what was held is to be replaced. */
  load(stored: StoredReplica, replace = false): void {
    const before = replace ? this.drop() : [];
    for (const row of stored.rows) {
      if (row.record) this.around.seen(row.record);
      if ((this.rows.get(row.id)?.version ?? 0) <= row.version) this.setRow(row);
    }
    this.changedRows.clear();
    this.cursor = stored.cursor;
    this.upToDate = stored.caughtUp;
    this.show([...before, ...this.rows.keys(), ...this.around.pendingRecords()], true);
  }

  /** Stores everything it holds, whatever was stored before. */
  persistWhole(): void {
    this.changedRows = new Set(this.rows.keys());
    this.around.persist(this.batch(true));
  }

  /** Everything it holds, for another tab. */
  dump(): StoredReplica {
    return { cursor: this.cursor, caughtUp: this.upToDate, rows: [...this.rows.values()] };
  }

  /** What the server said of a record; undefined where it never did. */
  row(id: string): Row | undefined {
    return this.rows.get(id);
  }

  /** The rows as they are now, for comparing with a list. */
  versions(): Map<string, number> {
    const versions = new Map<string, number>();
    for (const row of this.rows.values()) if (row.record) versions.set(row.id, row.version);
    return versions;
  }

  /** A page of the feed. False where it does not follow on what is held: ask again from one's own cursor. */
  accept(page: Page): boolean {
    if (this.cursor !== undefined && page.since !== this.cursor) return false;
    const touched = page.reset ? this.drop() : [];
    const fromStart = !this.upToDate;
    for (const change of page.changes) this.change(change);
    this.cursor = page.cursor;
    this.error = undefined;
    const wasUpToDate = this.upToDate;
    this.upToDate = page.upToDate || (this.upToDate && !page.reset);
    if (fromStart && page.upToDate) this.dropUnconfirmed();
    touched.push(...this.persistPage(page.reset !== undefined));
    this.show(touched, wasUpToDate !== this.upToDate);
    this.pages.tell(page);
    return true;
  }

  /** The record of an answer moves the server's side forward, never back. Returns what to store, with the answer in one transaction. */
  answer(record: AnyRecord): ReplicaBatch | undefined {
    const held = this.rows.get(record.id);
    if (held && held.version >= record.version) return undefined;
    const belongs = isLive(record) && this.filter.matches(record.id, record.data);
    if (belongs) this.setRow({ id: record.id, version: record.version, record, answered: true });
    // What neither belongs here nor was here is nothing to remember, unless it is deleted: then late news of it are recognised.
    else if (!isLive(record)) this.setRow(goneRow(record));
    else if (held) this.setRow({ id: record.id, version: record.version, left: true });
    return this.batch(false);
  }

  /** Pending writes or rows of these records changed. */
  refresh(ids: readonly string[]): void {
    this.show(ids);
  }

  fail(error: SyncError | undefined): void {
    if (this.error?.code === error?.code) return;
    this.error = error;
    this.show([], true);
  }

  get(id: string): SyncRecord | undefined {
    return this.shown.get(id);
  }

  /** The records with an open conflict, tombstones too, in order of id. */
  conflicts(): AnyRecord[] {
    return [...this.disputed.values()].sort((a, b) => compareText(a.id, b.id));
  }

  snapshot(): Snapshot {
    this.current ??= Object.freeze({
      records: Object.freeze(this.ids.map((id) => this.shown.get(id)!)),
      upToDate: this.upToDate,
      ...(this.error && { error: this.error }),
    });
    return this.current;
  }

  private change(change: Change): void {
    const [id, version] = change.type === 'leave' ? [change.id, change.version] : [change.record.id, change.record.version];
    const held = this.rows.get(id);
    if (change.type === 'upsert') {
      this.around.seen(change.record);
      // A record that left may be back at the version it left with; one that was deleted is not.
      if (held && (held.version > version || (held.version === version && !held.answered && !held.left))) return;
      this.setRow({ id, version, record: held?.version === version && held.record ? held.record : change.record });
    } else if (!held || held.version <= version) this.setRow(change.type === 'leave' ? { id, version, left: true } : goneRow(change.record));
  }

  private setRow(row: Row): void {
    this.rows.set(row.id, row);
    this.changedRows.add(row.id);
    this.gone.delete(row.id);
    if (!row.record) this.gone.add(row.id);
    this.dispute(row);
  }

  private dispute(row: Row): void {
    const record = row.record ?? row.tombstone;
    if (record?.conflict) this.disputed.set(row.id, record);
    else if (!this.disputed.delete(row.id)) return;
    this.disputesChanged = true;
  }

  /**
   * From the beginning, tombstones may be left out: what an answer told meanwhile and no page confirmed may be deleted again by now.
   * If it is not, its own change is still to come.
   */
  private dropUnconfirmed(): void {
    for (const row of this.rows.values()) if (row.answered) this.removeRow(row.id);
  }

  private drop(): string[] {
    const ids = [...this.rows.keys()];
    this.rows.clear();
    this.gone.clear();
    this.disputed.clear();
    this.disputesChanged = true;
    this.changedRows.clear();
    this.upToDate = false;
    return ids;
  }

  private removeRow(id: string): void {
    this.rows.delete(id);
    this.gone.delete(id);
    if (this.disputed.delete(id)) this.disputesChanged = true;
    this.changedRows.add(id);
  }

  private persistPage(clear: boolean): string[] {
    for (const id of this.gone) {
      if (this.gone.size <= mostGone) break;
      this.removeRow(id);
    }
    const touched = [...this.changedRows];
    this.around.persist(this.batch(clear));
    return touched;
  }

  private batch(clear: boolean): ReplicaBatch {
    const rows: Row[] = [];
    const forget: string[] = [];
    for (const id of this.changedRows) {
      const row = this.rows.get(id);
      if (row) rows.push(row);
      else forget.push(id);
    }
    this.changedRows = new Set();
    return { key: this.key, clear, rows, forget, cursor: this.cursor, caughtUp: this.upToDate };
  }

  /** Brings what is shown up to date and tells the listeners, if there is anything to tell. */
  private show(ids: Iterable<string>, anyway = false): void {
    const upserted: SyncRecord[] = [];
    const removed: string[] = [];
    const added: string[] = [];
    for (const id of new Set(ids)) {
      const before = this.shown.get(id);
      const after = this.overlaid(id, before);
      if (after === before) continue;
      if (after) {
        this.shown.set(id, after);
        if (!before) added.push(id);
        upserted.push(after);
      } else {
        this.shown.delete(id);
        removed.push(id);
      }
    }
    if (this.disputesChanged) {
      this.disputesChanged = false;
      this.disputes.tell();
    }
    if (upserted.length === 0 && removed.length === 0 && !anyway) return;
    if (removed.length > 0) this.ids = this.ids.filter((id) => this.shown.has(id));
    if (added.length > 0) this.ids = merged(this.ids, added.sort(compareText));
    this.current = undefined;
    if (this.listeners.size > 0) this.listeners.tell(this.snapshot(), { upserted, removed });
  }

  private overlaid(id: string, before: SyncRecord | undefined): SyncRecord | undefined {
    const row = this.rows.get(id);
    const pending = this.around.pending(id);
    if (pending.length === 0) return row?.record;
    const deleted = row !== undefined && !row.record && !row.left;
    const after = overlaid(id, newer(row?.record, deleted ? undefined : this.around.elsewhere(id)), pending);
    if (!after || !this.filter.matches(id, after.data)) return undefined;
    const same = before?.pending && before.version === after.version && before.timestamp === after.timestamp && before.conflict === after.conflict;
    return same && equal(before.data, after.data) ? before : after;
  }
}

function goneRow(tombstone: Tombstone): Row {
  const { id, version } = tombstone;
  return tombstone.conflict ? { id, version, tombstone } : { id, version };
}

function newer(a: SyncRecord | undefined, b: SyncRecord | undefined): SyncRecord | undefined {
  return a && (!b || a.version >= b.version) ? a : b;
}

/** Two lists in order as one: cheaper than sorting all for each page. */
function merged(ids: readonly string[], added: readonly string[]): string[] {
  const all: string[] = [];
  let next = 0;
  for (const id of ids) {
    while (next < added.length && compareText(added[next]!, id) < 0) all.push(added[next++]!);
    all.push(id);
  }
  return [...all, ...added.slice(next)];
}
