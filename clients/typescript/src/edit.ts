/** An edit on its way: awaited, it gives what became of it. */

import { SyncError } from './protocol/failure.js';
import type { JsonObject, Result } from './protocol/wire.js';

export class Edit<T = JsonObject> implements PromiseLike<Result<T>> {
  private readonly answer: Promise<Result<T>>;
  private settleAnswer!: (result: Result<T>) => void;
  private failAnswer!: (error: SyncError) => void;

  /**
   * @param id the write id.
   * @param record the id of the record.
   * @param saved resolves when the edit is in the local store and will be sent even after a reload.
   */
  constructor(
    readonly id: string,
    readonly record: string,
    readonly saved: Promise<void>,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.settleAnswer = resolve;
      this.failAnswer = reject;
    });
    // Nobody has to wait for an edit: one that is not waited for is no unhandled rejection.
    this.answer.catch(() => {});
    saved.catch(() => {});
  }

  then<R = Result<T>, F = never>(
    fulfilled?: ((value: Result<T>) => R | PromiseLike<R>) | null,
    rejected?: ((reason: unknown) => F | PromiseLike<F>) | null,
  ): Promise<R | F> {
    return this.answer.then(fulfilled, rejected);
  }

  /** For the outbox alone. */
  settle(result: Result<T>): void {
    this.settleAnswer(result);
  }

  /** For the outbox alone: the client was closed before there was an answer. The edit stays in the store. */
  abandon(): void {
    this.failAnswer(
      new SyncError('closed', 'The client was closed before the server answered. The edit is kept and will be sent by the next client on this store.'),
    );
  }
}
