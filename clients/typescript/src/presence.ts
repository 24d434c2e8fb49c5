/** Who looks at or edits what just now: told to the others, and watched. Works while the connection is a WebSocket. */

import type { Link } from './link.js';
import { Listeners } from './listeners.js';
import type { Json, JsonObject, Person } from './protocol/wire.js';
import { type Duplex, isDuplex } from './transport/transport.js';

export interface Announcement {
  /** Paths of the fields that are looked at or edited. */
  readonly fields?: readonly string[];
  /** Anything the application wants to say: at most 4 KiB of JSON. */
  readonly state?: Json;
}

/** Who says and asks it instead: the tab that leads. */
export interface PresenceProxy {
  /** `what` left out: no longer. */
  announce(collection: string, record: string, what: Announcement | undefined): void;
  watch(collection: string, record: string | undefined, watches: boolean): void;
}

interface Watch {
  collection: string;
  record: string | undefined;
  people: readonly Person[];
  listeners: Listeners<[readonly Person[]]>;
}

const lasts = 30;
const nobody: readonly Person[] = Object.freeze([]);

export class Presence {
  private readonly announced = new Map<string, { collection: string; record: string; what: Announcement }>();
  private readonly watches = new Map<string, Watch>();
  private readonly timer: ReturnType<typeof setInterval>;
  private connection: Duplex | undefined;
  private proxy: PresenceProxy | undefined;
  private readonly off: () => void;

  constructor(private readonly link: Link) {
    this.timer = setInterval(() => this.renew(), (lasts * 1000) / 2);
    this.off = link.changed.add(() => this.connect());
  }

  /** Says that the user looks at a record, until the returned function is called. Announcing again replaces it. */
  announce(collection: string, record: string, what: Announcement = {}): () => void {
    const key = `${collection}/${record}`;
    const own = { collection, record, what };
    this.announced.set(key, own);
    this.send(own, lasts);
    return () => {
      if (this.announced.get(key) !== own) return;
      this.announced.delete(key);
      this.send(own, 0);
    };
  }

  /** Watches a record, or (undefined) the whole collection; told at each change, and at once what is known. @returns a function that ends it. */
  watch(collection: string, record: string | undefined, listener: (people: readonly Person[]) => void): () => void {
    const key = `${collection}/${record ?? ''}`;
    let watch = this.watches.get(key);
    const isNew = !watch;
    watch ??= { collection, record, people: nobody, listeners: new Listeners() };
    this.watches.set(key, watch);
    const off = watch.listeners.add(listener);
    if (isNew) this.ask(watch);
    else listener(watch.people);
    return () => {
      off();
      if (watch.listeners.size > 0 || this.watches.get(key) !== watch) return;
      this.watches.delete(key);
      this.proxy?.watch(collection, record, false);
      void this.connection?.ask({ type: 'unwatch', collection, record }).catch(() => {});
    };
  }

  /** Who was there when the server last said so. */
  people(collection: string, record?: string): readonly Person[] {
    return this.watches.get(`${collection}/${record ?? ''}`)?.people ?? nobody;
  }

  /** From now on the tab that leads speaks for this one; undefined: this one speaks for itself. */
  by(proxy: PresenceProxy | undefined): void {
    this.proxy = proxy;
    if (!proxy) return;
    for (const watch of this.watches.values()) this.ask(watch);
    this.renew();
  }

  /** What the tab that leads was told. */
  take(collection: string, record: string | undefined, people: readonly Person[]): void {
    const watch = this.watches.get(`${collection}/${record ?? ''}`);
    if (watch && this.proxy) this.show(watch, people);
  }

  close(): void {
    clearInterval(this.timer);
    this.off();
    this.announced.clear();
    this.watches.clear();
  }

  /** A new connection knows nothing of what was said on the old one. */
  private connect(): void {
    const connection = isDuplex(this.link.transport) ? this.link.transport : undefined;
    if (connection === this.connection) return;
    this.connection = connection;
    for (const watch of this.watches.values()) {
      if (connection) this.ask(watch);
      else this.show(watch, []);
    }
    if (connection) this.renew();
  }

  private renew(): void {
    for (const each of this.announced.values()) this.send(each, lasts);
  }

  private send({ collection, record, what }: { collection: string; record: string; what: Announcement }, seconds: number): void {
    if (this.proxy) this.proxy.announce(collection, record, seconds > 0 ? what : undefined);
    else void this.connection?.ask({ type: 'announce', collection, record, ...what, seconds }).catch(() => {});
  }

  private ask(watch: Watch): void {
    const { connection, proxy } = this;
    if (proxy) {
      proxy.watch(watch.collection, watch.record, true);
      return;
    }
    const take = (frame: JsonObject) => {
      if (frame.type === 'presence' && connection === this.connection) this.show(watch, frame.people as unknown as Person[]);
    };
    void connection?.ask({ type: 'watch', collection: watch.collection, record: watch.record }, take).catch(() => this.show(watch, []));
  }

  private show(watch: Watch, people: readonly Person[]): void {
    if (people.length === 0 && watch.people.length === 0) return;
    watch.people = people;
    watch.listeners.tell(people);
  }
}
