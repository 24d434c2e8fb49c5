/** The shapes that travel between client and server: protocol §2, §4, §6, §8. */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** A live record as the server has it. */
export interface SyncRecord<T = JsonObject> {
  readonly id: string;
  /** The record's own counter; 0 where the server has not seen it yet. */
  readonly version: number;
  readonly timestamp: string;
  readonly author: string;
  readonly client?: string;
  readonly data: T;
  readonly conflict?: Conflict;
  /** Set by the client alone: edits of one's own that are not answered yet are part of `data`. */
  readonly pending?: true;
}

/** What remains of a deleted record. */
export interface Tombstone {
  readonly id: string;
  readonly version: number;
  readonly timestamp: string;
  readonly author: string;
  readonly client?: string;
  readonly deleted: true;
  readonly conflict?: Conflict;
}

export type AnyRecord<T = JsonObject> = SyncRecord<T> | Tombstone;

export function isLive<T>(record: AnyRecord<T>): record is SyncRecord<T> {
  return !('deleted' in record);
}

/** Concurrent values that wait for a person. */
export interface Conflict {
  readonly id: string;
  readonly revision: number;
  readonly openedAt: string;
  readonly claimedBy?: string;
  readonly claimedUntil?: string;
  readonly fields: { readonly [path: string]: { readonly base?: Json; readonly current?: Json } };
  readonly candidates: readonly Candidate[];
}

export interface Candidate {
  readonly id: number;
  readonly write?: string;
  readonly author: string;
  readonly client?: string;
  readonly timestamp: string;
  readonly op: Op;
  readonly base?: number;
  readonly values?: { readonly [path: string]: Json };
  readonly removed?: readonly string[];
}

export type Choice = { take: 'current' } | { take: 'candidate'; candidate: number } | { value: Json } | { remove: true };

export type Op = 'put' | 'patch' | 'delete';

export interface Write {
  id: string;
  collection: string;
  record: string;
  op: Op;
  data?: JsonObject;
  base?: number;
  ifVersion?: number;
  timestamp: string;
  client?: string;
}

export type Outcome = 'applied' | 'merged' | 'superseded' | 'held' | 'rejected' | 'invalid';

/** What became of a write. Refusals are outcomes too: `code`, `status` and `detail` say why. */
export interface Result<T = JsonObject> {
  readonly id?: string;
  readonly outcome: Outcome;
  readonly record?: AnyRecord<T>;
  readonly replayed?: true;
  readonly fields?: readonly { readonly path: string; readonly kept: string; readonly rule: string; readonly why?: string }[];
  readonly code?: string;
  readonly status?: number;
  readonly detail?: string;
}

export type Change =
  | { readonly type: 'upsert'; readonly record: SyncRecord; readonly write?: string }
  | { readonly type: 'delete'; readonly record: Tombstone; readonly write?: string }
  | { readonly type: 'leave'; readonly id: string; readonly version: number };

/** A piece of a feed. `reset` says: drop what you hold and read on from `cursor`. */
export interface Page {
  readonly since: string;
  readonly changes: readonly Change[];
  readonly cursor: string;
  readonly upToDate: boolean;
  readonly reset?: { readonly reason: string };
}

/** What the server says in `welcome`; one that is off is left out. */
export interface Limits {
  readonly dataBytes?: number;
  readonly frameBytes?: number;
  readonly writes?: number;
  readonly changes?: number;
  readonly subscriptions?: number;
}

/** Who looks at or edits what just now. */
export interface Person {
  readonly author: string;
  readonly client?: string;
  readonly record: string;
  readonly fields?: readonly string[];
  readonly state?: Json;
  readonly until: string;
}

export interface HistoryEntry {
  readonly version: number;
  readonly timestamp: string;
  readonly author: string;
  readonly client?: string;
  readonly write?: string;
  readonly op: Op | 'resolve' | 'claim' | 'release';
  readonly outcome: Outcome;
  readonly changes?: readonly { readonly path: string; readonly from?: Json; readonly to?: Json }[];
  readonly fields?: Result['fields'];
  readonly discarded?: readonly Candidate[];
  readonly note?: string;
}
