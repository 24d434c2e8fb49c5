/** Periodic refresh: lists everything again and compares; unchanged pages cost an empty 304. The cursor is kept for other techniques. */

import type { Pause } from '../pause.js';
import { asFailure } from '../protocol/failure.js';
import type { Change, SyncRecord } from '../protocol/wire.js';
import type { Http } from './http.js';
import type { Feed, Pace, Transport } from './transport.js';

interface ListPage {
  etag: string | null;
  ids: string[];
  next: string | undefined;
  cursor: string;
}

interface ListBody {
  records: SyncRecord[];
  next?: string;
  cursor: string;
}

export class RefreshTransport implements Transport {
  readonly name = 'refresh';
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
    const known = new Map<string, ListPage>();
    try {
      while (!signal.aborted) {
        await this.refresh(feed, known, signal);
        await this.pause.wait(this.pace.pollEvery * (0.9 + Math.random() / 5), signal);
      }
    } catch (error) {
      if (!signal.aborted) throw asFailure(error);
    }
  }

  close(): void {}

  private async refresh(feed: Feed, known: Map<string, ListPage>, signal: AbortSignal): Promise<void> {
    const before = feed.versions();
    const since = feed.cursor;
    const fresh: SyncRecord[] = [];
    const listed = new Set<string>();
    let cursor: string | undefined;
    let after: string | undefined = '';
    while (after !== undefined) {
      const page: ListPage = await this.page(feed, after, known, fresh, signal);
      for (const id of page.ids) listed.add(id);
      cursor ??= page.cursor;
      after = page.next;
    }
    if (signal.aborted || cursor === undefined) return;
    const changes: Change[] = fresh.filter((record) => before.get(record.id) !== record.version).map((record) => ({ type: 'upsert', record }));
    // What was held before the list was read and is not in it has left; what an answer told meanwhile has another version, and stays.
    const now = feed.versions();
    for (const [id, version] of before) if (!listed.has(id) && now.get(id) === version) changes.push({ type: 'leave', id, version });
    if (changes.length > 0 || since === undefined) feed.accept({ since: since ?? cursor, changes, cursor, upToDate: true });
  }

  private async page(feed: Feed, after: string, known: Map<string, ListPage>, fresh: SyncRecord[], signal: AbortSignal): Promise<ListPage> {
    const query = new URLSearchParams({ limit: '1000' });
    if (feed.filterJson) query.set('filter', JSON.stringify(feed.filterJson));
    if (after) query.set('after', after);
    const before = known.get(after);
    const headers: Record<string, string> = before?.etag ? { 'If-None-Match': before.etag } : {};
    const answer = await this.http.call(`/v1/collections/${feed.collection}/records?${query}`, { headers, signal });
    if (answer.status === 304) return before!;
    const body = answer.body as unknown as ListBody;
    fresh.push(...body.records);
    const page = { etag: answer.etag, ids: body.records.map((record) => record.id), next: body.next, cursor: body.cursor };
    known.set(after, page);
    return page;
  }
}
