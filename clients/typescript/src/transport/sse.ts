/** Server-sent events, read with fetch so that the token goes in a header and not into addresses and logs. */

import { asFailure, Failure } from '../protocol/failure.js';
import type { JsonObject, Page } from '../protocol/wire.js';
import type { Http } from './http.js';
import { changesPath, type Feed, type Pace, type Transport } from './transport.js';

const opening = 10_000;

export class SseTransport implements Transport {
  readonly name = 'sse';
  readonly lost = new Promise<never>(() => {});

  constructor(
    private readonly http: Http,
    private readonly pace: Pace,
  ) {}

  async open(signal: AbortSignal): Promise<void> {
    await this.http.time(signal);
  }

  async follow(feed: Feed, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.stream(feed, signal);
      } catch (error) {
        if (signal.aborted) return;
        throw asFailure(error);
      }
    }
  }

  close(): void {}

  /** Resolves when the feed is to be asked for again from its own cursor. */
  private async stream(feed: Feed, signal: AbortSignal): Promise<void> {
    const ended = new AbortController();
    const stop = () => ended.abort();
    signal.addEventListener('abort', stop);
    let silent: Failure | undefined;
    const silenceAfter = (wait: number, failure: Failure) =>
      setTimeout(() => {
        silent = failure;
        stop();
      }, wait);
    // A proxy that gathers a whole answer before it passes it on never shows the first page: another technique has to do.
    let timer = silenceAfter(opening, new Failure('unfit', 'No event came in time.'));
    try {
      const response = await this.http.open(changesPath(feed), { signal: ended.signal, headers: { Accept: 'text/event-stream' } });
      if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body)
        throw new Failure('unfit', 'The answer is no event stream.');
      for await (const event of eventsOf(response.body)) {
        clearTimeout(timer);
        timer = silenceAfter(this.pace.silence, new Failure('lost', 'The stream has gone silent.'));
        if (signal.aborted) return;
        if (event.name === 'problem') throw problemOf(JSON.parse(event.data) as JsonObject);
        if (event.name === 'changes' && !feed.accept(JSON.parse(event.data) as Page)) return;
      }
      throw new Failure('lost', 'The stream has ended.');
    } catch (error) {
      throw silent ?? error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      stop();
    }
  }
}

type ServerEvent = { name: string; data: string };

/** The events of a stream; a comment is one without data, so that it is heard. */
async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).replace(/\r\n/g, '\n').split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) yield parse(block);
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

function parse(block: string): ServerEvent {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).replace(/^ /, '');
    if (line.startsWith('event:')) name = value;
    else if (line.startsWith('data:')) data.push(value);
  }
  return { name: data.length === 0 ? 'comment' : name, data: data.join('\n') };
}

function problemOf(problem: JsonObject): Failure {
  const code = String(problem.code ?? 'internal');
  const kind = code === 'unauthorized' ? 'unauthorized' : code === 'forbidden' || code === 'unknown-collection' ? 'refused' : 'lost';
  return new Failure(kind, String(problem.detail ?? code), code);
}
