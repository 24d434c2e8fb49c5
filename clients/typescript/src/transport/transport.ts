/** One way to follow feeds. All ways read the same feed by the same cursor, so that a client may change between them at any page. */

import type { SyncError } from '../protocol/failure.js';
import type { JsonObject, Limits, Page, Result, Write } from '../protocol/wire.js';

export type TransportName = 'websocket' | 'sse' | 'long-polling' | 'polling' | 'refresh';

/** A feed that somebody wants to follow; it knows how far it has come. */
export interface Feed {
  readonly collection: string;
  readonly filterJson: JsonObject | undefined;
  readonly cursor: string | undefined;
  /** False: the page does not follow on the cursor, ask again from there. */
  accept(page: Page): boolean;
  /** The server refuses this feed, or (undefined) no longer does. */
  fail(error: SyncError | undefined): void;
  /** The live records it holds, with their versions. */
  versions(): Map<string, number>;
}

export interface Transport {
  readonly name: TransportName;
  /** Opens what all feeds share. Rejects with a Failure where that cannot be. */
  open(signal: AbortSignal): Promise<void>;
  /** Follows until the signal aborts, then resolves; rejects with a Failure when the connection is lost or the feed refused. */
  follow(feed: Feed, signal: AbortSignal): Promise<void>;
  /** Resolves when what all feeds share is gone, with why. */
  readonly lost: Promise<unknown>;
  close(): void;
}

/** A connection that carries more than feeds. */
export interface Duplex extends Transport {
  readonly limits: Limits;
  push(writes: readonly Write[]): Promise<readonly Result[]>;
  /** Sends a frame and resolves with the answer; `each` is told of later frames with the same ref. */
  ask(frame: object, each?: (frame: JsonObject) => void): Promise<JsonObject>;
}

export function isDuplex(transport: Transport | undefined): transport is Duplex {
  return transport !== undefined && 'push' in transport;
}

/** What the HTTP transports need to be told. */
export interface Pace {
  /** Between two polls or refreshes that found nothing new, in milliseconds. */
  readonly pollEvery: number;
  /** How long the server holds a long poll, in seconds (1–60). */
  readonly wait: number;
  /** A stream that says nothing for so long is gone, in milliseconds. */
  readonly silence: number;
}

export function changesPath(feed: Feed, more: Record<string, string | number> = {}): string {
  const query = new URLSearchParams();
  if (feed.cursor !== undefined) query.set('since', feed.cursor);
  if (feed.filterJson) query.set('filter', JSON.stringify(feed.filterJson));
  for (const [name, value] of Object.entries(more)) query.set(name, String(value));
  return `/v1/collections/${feed.collection}/changes?${query}`;
}
