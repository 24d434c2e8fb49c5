/** Failures as the client tells them apart: by what is to be done about them. */

/** Thrown to callers: misuse, a question the server refused, or a client that was closed. `code` is one of the protocol's (§11), or `closed`. */
export class SyncError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status?: number,
  ) {
    super(message);
    this.name = 'SyncError';
  }
}

/**
 * `lost`: the connection is gone, come back. `unfit`: this technique does not work here, another may. `unauthorized`: a new token is needed.
 * `refused`: the server answered, and said no to this one request.
 */
export type FailureKind = 'lost' | 'unfit' | 'unauthorized' | 'refused';

/** Within the client: why a connection or a request did not work out. */
export class Failure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly code = kind as string,
    readonly status?: number,
    /** How long the server wants to be left alone, in milliseconds. */
    readonly retryAfter?: number,
    readonly body?: unknown,
  ) {
    super(message);
    this.name = 'Failure';
  }
}

/** Codes after which the same write, under the same id, is sent again. */
export const passing: ReadonlySet<string> = new Set(['unavailable', 'overloaded', 'rate-limited', 'internal']);

export function asFailure(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure('lost', error instanceof Error ? error.message : String(error));
}
