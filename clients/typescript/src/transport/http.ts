/** Calls over HTTP: with the caller's token, a limit in time, and failures told apart by what is to be done about them. */

import { Backoff } from '../backoff.js';
import type { HybridClock } from '../clock.js';
import { asFailure, Failure, passing } from '../protocol/failure.js';
import { isObject } from '../protocol/path.js';
import type { Json, JsonObject } from '../protocol/wire.js';
import type { Tokens } from '../tokens.js';

export interface HttpOptions {
  method?: string;
  body?: Json | object;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** In milliseconds; 30 s unless told. */
  within?: number;
}

export interface HttpAnswer {
  status: number;
  body: Json | undefined;
  etag: string | null;
}

export class Http {
  constructor(
    readonly url: string,
    private readonly tokens: Tokens,
    private readonly clock: HybridClock,
    private readonly fetcher: typeof fetch,
  ) {}

  /** Asks what time it is: sees whether the server can be reached, and sets the clock. */
  async time(signal?: AbortSignal): Promise<void> {
    const sent = this.clock.now();
    const { body } = await this.call('/v1/time', { signal, within: 10_000 });
    if (!isObject(body) || typeof body.timestamp !== 'string') throw new Failure('lost', `${this.url} does not answer as OrleansSync does.`);
    this.clock.measure(body.timestamp, sent);
  }

  /** The answer to a call; 304 is one too. Other statuses than 2xx reject with a Failure that has the problem as `body`. */
  async call(path: string, options: HttpOptions = {}): Promise<HttpAnswer> {
    const timeOut = AbortSignal.timeout(options.within ?? 30_000);
    const response = await this.open(path, { ...options, signal: options.signal ? AbortSignal.any([options.signal, timeOut]) : timeOut });
    try {
      const text = await response.text();
      return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as Json), etag: response.headers.get('etag') };
    } catch (error) {
      throw asFailure(error);
    }
  }

  /** As `call`, until there is an answer: for what may be asked twice. Gives up after some tries. */
  async persist(path: string, options: HttpOptions = {}, tries = 4): Promise<HttpAnswer> {
    const backoff = new Backoff();
    for (let left = tries - 1; ; left--) {
      try {
        return await this.call(path, options);
      } catch (error) {
        const failure = asFailure(error);
        if (left === 0 || options.signal?.aborted || (failure.kind !== 'lost' && failure.kind !== 'unauthorized')) throw failure;
        await new Promise((resolve) => setTimeout(resolve, backoff.next(failure.retryAfter)));
      }
    }
  }

  /** The response as it begins, for streams. */
  async open(path: string, options: HttpOptions): Promise<Response> {
    const headers: Record<string, string> = { ...options.headers };
    let response: Response;
    try {
      const token = await this.tokens.current();
      if (token) headers.Authorization = `Bearer ${token}`;
      if (options.body !== undefined) headers['Content-Type'] ??= 'application/json';
      const body = options.body === undefined ? undefined : JSON.stringify(options.body);
      response = await this.fetcher(this.url + path, {
        method: options.method ?? 'GET',
        headers,
        body,
        signal: options.signal,
        credentials: 'omit',
        cache: 'no-store',
      });
    } catch (error) {
      throw asFailure(error);
    }
    if (response.ok || response.status === 304) return response;
    throw await this.problem(response);
  }

  private async problem(response: Response): Promise<Failure> {
    const text = await response.text().catch(() => '');
    const body = parse(text);
    const code = typeof body?.code === 'string' ? body.code : undefined;
    const detail = typeof body?.detail === 'string' ? body.detail : `The server answered ${response.status}.`;
    const after = Number(response.headers.get('retry-after'));
    if (response.status === 401) this.tokens.refuse();
    return new Failure(kindOf(response.status, code), detail, code ?? `http-${response.status}`, response.status, after > 0 ? after * 1000 : undefined, body);
  }
}

function kindOf(status: number, code: string | undefined): 'lost' | 'unauthorized' | 'refused' {
  if (status === 401) return 'unauthorized';
  // Without a code of the protocol it is not the server that speaks, but something before it, which may be gone later.
  return code === undefined || passing.has(code) ? 'lost' : 'refused';
}

function parse(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}
