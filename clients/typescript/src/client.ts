/** The client of one server: one connection, one outbox, one store, and the collections on top of them. */

import { Backoff } from './backoff.js';
import { HybridClock } from './clock.js';
import { Collection } from './collection.js';
import { Link } from './link.js';
import { Listeners } from './listeners.js';
import { Outbox } from './outbox.js';
import { Pause } from './pause.js';
import { Presence } from './presence.js';
import { Failure, SyncError } from './protocol/failure.js';
import type { JsonObject, Result, Write } from './protocol/wire.js';
import { Replicas } from './replicas.js';
import { type Status, sameStatus } from './status.js';
import { IndexedDbStore } from './store/indexed-db.js';
import { Journal } from './store/journal.js';
import { MemoryStore } from './store/memory.js';
import type { Store } from './store/store.js';
import { Tabs, type TabsOptions, tabsOfBrowser } from './tabs/tabs.js';
import { type TokenSource, Tokens } from './tokens.js';
import { Http } from './transport/http.js';
import { LongPollingTransport } from './transport/long-polling.js';
import { PollingTransport } from './transport/polling.js';
import { RefreshTransport } from './transport/refresh.js';
import { SseTransport } from './transport/sse.js';
import { isDuplex, type Transport, type TransportName } from './transport/transport.js';
import { type WebSocketLike, WebSocketTransport } from './transport/websocket.js';

export interface SyncClientOptions {
  /** A token, or where to get one; asked again when the server no longer takes it. */
  readonly token?: TokenSource;
  /** Whose edits these are: what one user stored is not another's. The `sub` of their token, say. */
  readonly user?: string;
  /** The name of this device; made up and kept in the store unless told. Tabs of one browser share it. */
  readonly client?: string;
  /** Which techniques to use, best first. */
  readonly transports?: readonly TransportName[];
  /** Where edits and records survive; IndexedDB where there is one, else memory. */
  readonly store?: Store;
  readonly fetch?: typeof fetch;
  readonly WebSocket?: WebSocketLike;
  /** How tabs find each other; `false`: each speaks with the server for itself. */
  readonly tabs?: false | TabsOptions;
  /** Milliseconds between two polls or refreshes; 5,000 unless told. */
  readonly pollEvery?: number;
  /** Seconds the server holds a long poll (1–60); 25 unless told. */
  readonly wait?: number;
  /** Milliseconds after which a better technique is tried again; 60,000 unless told. */
  readonly climbAfter?: number;
  /** Milliseconds without a word after which a stream counts as lost; 40,000 unless told. */
  readonly silence?: number;
  /** The first and the longest wait before trying again, in milliseconds. */
  readonly retry?: { readonly first: number; readonly most: number };
  /** Milliseconds a subscription goes on after its last listener left; 2,000 unless told. */
  readonly linger?: number;
  /** The device's clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

const everyTransport: readonly TransportName[] = ['websocket', 'sse', 'long-polling', 'polling', 'refresh'];

export class SyncClient {
  /** Who looks at or edits what. */
  readonly presence: Presence;

  /** For the classes of this package. */
  readonly inner: {
    readonly replicas: Replicas;
    readonly outbox: Outbox;
    readonly http: Http;
    readonly link: Link;
    readonly opened: Promise<void>;
    headers(): Record<string, string>;
  };

  private readonly tokens: Tokens;
  private readonly clock: HybridClock;
  private readonly pause = new Pause();
  private store: Store;
  private readonly journal: Journal;
  private readonly tabs: Tabs | undefined;
  private readonly statusListeners = new Listeners<[Status]>();
  private readonly refusals = new Listeners<[result: Result, write: Write]>();
  private readonly collections = new Map<string, Collection<never>>();
  private readonly undo: (() => void)[] = [];
  private name: string;
  private storeFailure: Failure | undefined;
  private current: Status = { state: 'connecting', pending: 0, leads: true };
  private closed = false;

  /** @param url where the server is, without `/v1`. */
  constructor(
    readonly url: string,
    private readonly options: SyncClientOptions = {},
  ) {
    const root = url.replace(/\/+$/, '');
    this.name = options.client ?? '';
    this.clock = new HybridClock(options.now);
    this.tokens = new Tokens(options.token, () => this.pause.nudge());
    this.store = options.store ?? (globalThis.indexedDB ? new IndexedDbStore() : new MemoryStore());
    const opened = this.openStore(`${root} ${options.user ?? ''} ${options.client ?? ''}`);
    const around = this;
    this.journal = new Journal(
      opened.then(() => this.store),
      (error) => this.report(new Failure('refused', `The local store failed: ${String(error)}`, 'store')),
    );
    const http = new Http(root, this.tokens, this.clock, options.fetch ?? ((...args) => fetch(...args)));
    const link = new Link({
      ladder: this.ladder(root, http),
      http,
      tokens: this.tokens,
      backoff: () => new Backoff(options.retry?.first, options.retry?.most),
      climbAfter: options.climbAfter ?? 60_000,
      pause: this.pause,
    });
    const outbox = new Outbox(this.journal, this.clock, {
      get client() {
        return around.name;
      },
      limits: () => (isDuplex(link.transport) ? link.transport.limits : {}),
      push: (writes) => link.push(writes),
      ready: (signal) => link.ready(signal),
      failed: (failure) => link.report(failure),
      measureClock: () => http.time().catch(() => {}),
    });
    const loaded = opened.then(() => this.begin(outbox));
    const replicas = new Replicas({
      store: () => this.store,
      journal: this.journal,
      outbox,
      clock: this.clock,
      opened: loaded,
      linger: options.linger ?? 2_000,
      keeps: () => this.keeps,
    });
    this.inner = { replicas, outbox, http, link, opened: loaded, headers: () => ({ 'Sync-Client': this.name }) };
    this.presence = new Presence(link);
    const means = options.tabs === false ? undefined : (options.tabs ?? tabsOfBrowser());
    this.tabs = means && new Tabs(`orleans-sync ${root} ${options.user ?? ''}`, means, this.inner, this.presence, (leads) => this.lead(leads));
    this.listen();
    void loaded.then(() => this.start());
  }

  get status(): Status {
    return this.current;
  }

  /** @returns a function that ends it. */
  onStatus(listener: (status: Status) => void): () => void {
    return this.statusListeners.add(listener);
  }

  /** Told of every edit that was rejected, invalid, superseded or held, those of an earlier session too. @returns a function that ends it. */
  onRefused(listener: (result: Result, write: Write) => void): () => void {
    return this.refusals.add(listener);
  }

  collection<T extends object = JsonObject>(name: string): Collection<T> {
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(name)) throw new SyncError('invalid-name', `'${name}' is no name of a collection.`);
    const collection = this.collections.get(name) ?? new Collection<never>(name, this);
    this.collections.set(name, collection);
    return collection as unknown as Collection<T>;
  }

  /** Another token from now on, or another way to get one. */
  setToken(token: TokenSource | undefined): void {
    this.tokens.replace(token);
  }

  /** Ends everything. Edits without an answer stay in the store, and reject with `closed`. Resolves when the store has it all. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    for (const undo of this.undo) undo();
    this.tabs?.close();
    this.inner.outbox.close();
    this.inner.replicas.close();
    this.presence.close();
    this.inner.link.stop();
    this.update();
    await this.inner.opened.catch(() => {});
    await this.journal.idle();
    this.store.close();
  }

  /**
   * Several tabs without Web Locks share one database and know nothing of each other: one's page and another's cursor would not belong together.
   * Edits do no harm there: whoever sends them, they count once.
   */
  private get keeps(): boolean {
    return this.options.store !== undefined || this.options.tabs === false || this.tabs !== undefined || !(this.store instanceof IndexedDbStore);
  }

  private async openStore(scope: string): Promise<void> {
    try {
      await this.store.open(scope);
    } catch (error) {
      // Private windows have no database: everything works, but does not survive a reload.
      this.storeFailure = new Failure('refused', `The local store cannot be opened: ${String(error)}`, 'store');
      this.store = new MemoryStore();
      await this.store.open(scope);
    }
  }

  private async begin(outbox: Outbox): Promise<void> {
    const meta = await this.store.meta();
    const known = typeof meta.client === 'string' ? meta.client : undefined;
    this.name ||= known ?? `c-${crypto.randomUUID().slice(0, 13)}`;
    outbox.name(this.name);
    outbox.know(await this.store.writes());
    if (this.name !== known) void this.journal.commit({ meta: { client: this.name } }).catch(() => {});
  }

  private start(): void {
    if (this.closed) return;
    if (this.tabs) this.tabs.start();
    else this.lead(true);
    void this.inner.replicas.prune().catch(() => {});
  }

  /** Speaks with the server from now on, or leaves that to another tab. */
  private lead(leads: boolean): void {
    if (this.closed) return;
    const { link, replicas, outbox } = this.inner;
    replicas.leads = leads;
    if (leads) void this.takeOver();
    else link.stop();
    outbox.send(leads);
    this.update();
  }

  private async takeOver(): Promise<void> {
    const { link, replicas, outbox } = this.inner;
    // The tab that led before may have stored less than this one was told, or edits that this one was not.
    if (this.tabs) {
      replicas.storeWhole();
      outbox.know(await this.store.writes().catch(() => []));
    }
    replicas.attach(link);
    link.start();
  }

  private ladder(url: string, http: Http): (() => Transport)[] {
    const { options, pause } = this;
    const pace = { pollEvery: options.pollEvery ?? 5_000, wait: options.wait ?? 25, silence: options.silence ?? 40_000 };
    const Socket = options.WebSocket ?? globalThis.WebSocket;
    const make: Record<TransportName, (() => Transport) | undefined> = {
      websocket:
        Socket && (() => new WebSocketTransport({ url, client: this.name, tokens: this.tokens, clock: this.clock, WebSocket: Socket, silence: pace.silence })),
      sse: () => new SseTransport(http, pace),
      'long-polling': () => new LongPollingTransport(http, pace),
      polling: () => new PollingTransport(http, pace, pause),
      refresh: () => new RefreshTransport(http, pace, pause),
    };
    const ladder = (options.transports ?? everyTransport).flatMap((name) => make[name] ?? []);
    if (ladder.length === 0)
      throw new SyncError(
        'malformed',
        'No transport is left: give one of websocket (and a WebSocket class where there is none), sse, long-polling, polling, refresh.',
      );
    return ladder;
  }

  private listen(): void {
    const { link, outbox } = this.inner;
    let before = link.state;
    link.changed.add(() => {
      this.update();
      // Only when it comes back: a failure that is told while it is there must not cut its own wait short.
      if (link.state === 'online' && before !== 'online') outbox.nudge();
      before = link.state;
    });
    outbox.changed.add(() => this.update());
    outbox.answered.add((writes, results) => {
      this.update();
      results.forEach((result, i) => {
        if (result.outcome !== 'applied' && result.outcome !== 'merged') this.refusals.tell(result, writes[i]!);
      });
    });
    const wake = () => {
      if (globalThis.document?.visibilityState !== 'hidden') this.pause.nudge();
    };
    for (const [target, event] of [
      [globalThis.window, 'online'],
      [globalThis.document, 'visibilitychange'],
    ] as const) {
      target?.addEventListener?.(event, wake);
      this.undo.push(() => target?.removeEventListener?.(event, wake));
    }
  }

  private report(failure: Failure): void {
    this.storeFailure = failure;
    this.update();
  }

  /** @internal */
  update(): void {
    const { link, outbox } = this.inner;
    const remote = this.tabs?.leads === false ? this.tabs.status : undefined;
    const failure = link.lastFailure ?? this.storeFailure;
    const next: Status = {
      state: this.closed ? 'closed' : (remote?.state ?? link.state),
      ...(remote?.transport ? { transport: remote.transport } : link.transport && { transport: link.transport.name }),
      pending: outbox.size,
      ...(failure && { lastError: { code: failure.code, message: failure.message } }),
      leads: !this.tabs || this.tabs.leads,
    };
    if (sameStatus(this.current, next)) return;
    this.current = next;
    this.tabs?.tell(next);
    this.statusListeners.tell(next);
  }
}
