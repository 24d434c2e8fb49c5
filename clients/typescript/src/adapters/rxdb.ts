/** OrleansSync as the other side of an RxDB collection: pulls the feed by its cursor, pushes edits as merge patches. */

import type { ReplicationOptions, RxCollection, RxReplicationPullStreamItem, RxReplicationWriteToMasterRow, WithDeleted } from 'rxdb';
import { type RxReplicationState, replicateRxCollection } from 'rxdb/plugins/replication';
import { Observable } from 'rxjs';
import type { SyncClient } from '../client.js';
import { equal } from '../protocol/compare.js';
import { diff } from '../protocol/diff.js';
import { asFailure, passing } from '../protocol/failure.js';
import { type AnyRecord, isLive, type JsonObject, type Page, type Result, type Write } from '../protocol/wire.js';
import { changesPath, type Feed } from '../transport/transport.js';

export interface Checkpoint {
  readonly cursor: string;
}

export interface RxDbOptions<T> {
  readonly client: SyncClient;
  /** The collection on the server. */
  readonly collection: string;
  readonly rxCollection: RxCollection<T>;
  readonly filter?: JsonObject;
  /** Further options of RxDB's replication. */
  readonly replication?: Partial<Pick<ReplicationOptions<T, Checkpoint>, 'live' | 'retryTime' | 'waitForLeadership' | 'autoStart' | 'replicationIdentifier'>>;
  /** Told of edits the server did not take; RxDB's conflict handler sees what stands. */
  readonly onRefused?: (result: Result, write: Write) => void;
}

type Doc<T> = WithDeleted<T>;
const mostRemembered = 5_000;

/** The primary key is the record's id; it is not part of the data on the server. Give the client `tabs: false`: RxDB chooses among tabs by itself. */
export function replicateOrleansSync<T extends object>(options: RxDbOptions<T>): RxReplicationState<T, Checkpoint> {
  const other = new OtherSide<T>(options);
  return replicateRxCollection<T, Checkpoint>({
    replicationIdentifier: `orleans-sync ${options.client.url} ${options.collection} ${JSON.stringify(options.filter ?? {})}`,
    live: true,
    ...options.replication,
    collection: options.rxCollection,
    pull: { handler: (checkpoint, size) => other.pull(checkpoint, size), stream$: other.news(), batchSize: 500 },
    push: { handler: (rows) => other.push(rows), batchSize: 100 },
  });
}

class OtherSide<T extends object> {
  private readonly key: string;
  private readonly known = new Map<string, { version: number; data: JsonObject | undefined }>();
  private readonly ids = new Map<string, string>();

  constructor(private readonly options: RxDbOptions<T>) {
    this.key = String(options.rxCollection.schema.primaryPath);
  }

  async pull(checkpoint: Checkpoint | undefined, size: number): Promise<{ documents: Doc<T>[]; checkpoint: Checkpoint }> {
    const documents = new Map<string, Doc<T>>();
    let cursor = checkpoint?.cursor;
    let wasReset = false;
    for (;;) {
      const page = await this.page(cursor);
      cursor = page.cursor;
      if (page.reset) wasReset = true;
      for (const [id, doc] of this.documents(page)) documents.set(id, doc);
      // After a reset all is read at once: only then is it known what is no longer there.
      if (page.upToDate || (!wasReset && documents.size >= size)) break;
    }
    if (wasReset) await this.addGone(documents);
    return { documents: [...documents.values()], checkpoint: { cursor } };
  }

  /** RxDB is told that there is something new and pulls from its own cursor: nothing can be missed in between. */
  news(): Observable<RxReplicationPullStreamItem<T, Checkpoint>> {
    const { client, collection, filter } = this.options;
    return new Observable((subscriber) => {
      let cursor = 'now';
      const feed: Feed = {
        collection,
        filterJson: filter,
        get cursor() {
          return cursor;
        },
        accept(page) {
          const first = cursor === 'now';
          cursor = page.cursor;
          if (first || page.changes.length > 0 || page.reset) subscriber.next('RESYNC');
          return true;
        },
        fail() {},
        versions: () => new Map(),
      };
      return client.inner.link.follow(feed);
    });
  }

  /** Answers what stands on the server for each row that could not be taken as it is. */
  async push(rows: RxReplicationWriteToMasterRow<T>[]): Promise<Doc<T>[]> {
    const conflicts: Doc<T>[] = [];
    const writes: { write: Write; row: RxReplicationWriteToMasterRow<T>; text: string }[] = [];
    for (const row of rows) {
      const id = this.idOf(row.newDocumentState);
      const assumed = row.assumedMasterState;
      const known = await this.current(id, assumed && !assumed._deleted ? this.dataOf(assumed) : undefined);
      const text = JSON.stringify(row);
      if (known) writes.push({ write: this.write(id, row, known.version, text), row, text });
      else conflicts.push(this.documentOf(id, this.known.get(id)?.data));
    }
    if (writes.length === 0) return conflicts;
    const { body } = await this.options.client.inner.http.persist('/v1/writes', { method: 'POST', body: { writes: writes.map((each) => each.write) } });
    const { results } = body as unknown as { results: Result[] };
    if (results.some((result) => result.outcome === 'invalid' && passing.has(result.code ?? ''))) throw new Error('The server could not take all now.');
    for (const [i, { write, text }] of writes.entries()) {
      const result = results[i]!;
      this.ids.delete(text);
      if (result.record) this.remember(result.record);
      if (result.outcome === 'applied' || result.outcome === 'merged') continue;
      this.options.onRefused?.(result, write);
      if (!result.record) await this.read(write.record);
      conflicts.push(this.documentOf(write.record, this.known.get(write.record)?.data));
    }
    return conflicts;
  }

  private write(record: string, row: RxReplicationWriteToMasterRow<T>, base: number, text: string): Write {
    // The same row, pushed again after a lost connection, goes under the same id.
    const id = this.ids.get(text) ?? crypto.randomUUID();
    this.ids.set(text, id);
    const common = { id, collection: this.options.collection, record, base, timestamp: new Date().toISOString() };
    if (row.newDocumentState._deleted) return { ...common, op: 'delete' };
    const data = this.dataOf(row.newDocumentState);
    if (!row.assumedMasterState || row.assumedMasterState._deleted) return { ...common, op: 'put', data };
    return { ...common, op: 'patch', data: diff(this.dataOf(row.assumedMasterState), data) };
  }

  /** The version at which the server has what RxDB assumes; undefined where it has something else. */
  private async current(id: string, assumed: JsonObject | undefined): Promise<{ version: number } | undefined> {
    let known = this.known.get(id);
    if (!known || !equal(known.data, assumed)) known = await this.read(id);
    return equal(known.data, assumed) ? known : undefined;
  }

  private async read(id: string): Promise<{ version: number; data: JsonObject | undefined }> {
    try {
      const { body } = await this.options.client.inner.http.persist(`/v1/collections/${this.options.collection}/records/${encodeURIComponent(id)}`);
      return this.remember(body as unknown as AnyRecord);
    } catch (error) {
      const failure = asFailure(error);
      const tombstone = (failure.body as { record?: AnyRecord } | undefined)?.record;
      if (failure.status === 410 && tombstone) return this.remember(tombstone);
      if (failure.status !== 404) throw failure;
      const nothing = { version: 0, data: undefined };
      this.known.set(id, nothing);
      return nothing;
    }
  }

  private async page(cursor: string | undefined): Promise<Page> {
    const feed = { collection: this.options.collection, filterJson: this.options.filter, cursor } as Feed;
    return (await this.options.client.inner.http.persist(changesPath(feed, { limit: 500 }))).body as unknown as Page;
  }

  private documents(page: Page): [string, Doc<T>][] {
    return page.changes.map((change) => {
      if (change.type === 'leave') return [change.id, this.documentOf(change.id, undefined)];
      const { data } = this.remember(change.record);
      return [change.record.id, this.documentOf(change.record.id, data)];
    });
  }

  private async addGone(documents: Map<string, Doc<T>>): Promise<void> {
    for (const held of await this.options.rxCollection.find().exec()) {
      const id = String(held.primary);
      if (!documents.has(id)) documents.set(id, this.documentOf(id, undefined));
    }
  }

  private remember(record: AnyRecord): { version: number; data: JsonObject | undefined } {
    const known = { version: record.version, data: isLive(record) ? record.data : undefined };
    this.known.delete(record.id);
    this.known.set(record.id, known);
    if (this.known.size > mostRemembered) this.known.delete(this.known.keys().next().value!);
    return known;
  }

  private documentOf(id: string, data: JsonObject | undefined): Doc<T> {
    return { ...data, [this.key]: id, _deleted: data === undefined } as unknown as Doc<T>;
  }

  private idOf(document: Doc<T>): string {
    return String((document as Record<string, unknown>)[this.key]);
  }

  private dataOf(document: Doc<T>): JsonObject {
    const internal = new Set([this.key, '_deleted', '_attachments', '_meta', '_rev']);
    return Object.fromEntries(Object.entries(document).filter(([name]) => !internal.has(name))) as JsonObject;
  }
}
