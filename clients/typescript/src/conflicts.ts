/** The open conflicts of a collection: seen, claimed, and settled by people (protocol §6). */

import type { SyncClient } from './client.js';
import { asFailure, SyncError } from './protocol/failure.js';
import { isObject } from './protocol/path.js';
import type { AnyRecord, Choice, Result } from './protocol/wire.js';

export interface Resolution {
  /** For each path what shall stand; paths left out keep `current`. */
  readonly choices: { readonly [path: string]: Choice };
  /** The revision the person saw. */
  readonly expect: number;
  /** The id of the conflict the person saw. */
  readonly conflict?: string;
  readonly note?: string;
}

export type Disputed<T> = AnyRecord<T> & { readonly conflict: NonNullable<AnyRecord<T>['conflict']> };

export class Conflicts<T extends object> {
  constructor(
    private readonly collection: string,
    private readonly client: SyncClient,
  ) {}

  /** The records with an open conflict as the server has them now, tombstones too. */
  async list(): Promise<Disputed<T>[]> {
    const all: Disputed<T>[] = [];
    let after = '';
    do {
      const answer = await this.ask(`/v1/collections/${this.collection}/conflicts?limit=1000${after && `&after=${encodeURIComponent(after)}`}`);
      const body = answer as { records: Disputed<T>[]; next?: string };
      all.push(...body.records);
      after = body.next ?? '';
    } while (after);
    return all;
  }

  /** Told at once and whenever the open conflicts change; follows the whole collection. @returns a function that ends it. */
  subscribe(listener: (conflicts: readonly Disputed<T>[]) => void): () => void {
    const { replica, loaded, release } = this.client.inner.replicas.open(this.collection, undefined);
    let over = false;
    const tell = () => {
      if (!over) listener(replica.conflicts() as unknown as Disputed<T>[]);
    };
    const off = replica.disputes.add(tell);
    void loaded.then(tell);
    return () => {
      over = true;
      off();
      release();
    };
  }

  /** Keeps others from settling it for so many seconds; again: renews. */
  claim(record: string, seconds?: number): Promise<Result<T>> {
    return this.act(record, 'claim', seconds === undefined ? {} : { seconds });
  }

  release(record: string): Promise<Result<T>> {
    return this.act(record, 'release', {});
  }

  /** Settles all candidates at once. `moved-on` and `claimed` are outcomes: nothing happened, `record` says how things stand. */
  resolve(record: string, resolution: Resolution): Promise<Result<T>> {
    return this.act(record, 'resolution', resolution);
  }

  private async act(record: string, what: string, body: object): Promise<Result<T>> {
    const { http, replicas, headers, opened } = this.client.inner;
    await opened;
    const path = `/v1/collections/${this.collection}/records/${encodeURIComponent(record)}/conflict/${what}`;
    let result: Result<T>;
    try {
      const answer = await http.persist(path, { method: 'POST', body, headers: { ...headers(), 'Idempotency-Key': crypto.randomUUID() } });
      result = answer.body as unknown as Result<T>;
    } catch (error) {
      const failure = asFailure(error);
      if (!isObject(failure.body) || typeof failure.body.outcome !== 'string') throw new SyncError(failure.code, failure.message, failure.status);
      result = failure.body as unknown as Result<T>;
    }
    if (result.record) replicas.take(this.collection, result.record as AnyRecord);
    return result;
  }

  private async ask(path: string): Promise<unknown> {
    try {
      return (await this.client.inner.http.persist(path)).body;
    } catch (error) {
      const failure = asFailure(error);
      throw new SyncError(failure.code, failure.message, failure.status);
    }
  }
}
