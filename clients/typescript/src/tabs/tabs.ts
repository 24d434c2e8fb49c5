/** The tabs of one browser: one of them leads and speaks with the server, the others follow it, and one takes over when it goes. */

import { Listeners } from '../listeners.js';
import type { Outbox } from '../outbox.js';
import type { Presence, PresenceProxy } from '../presence.js';
import type { Replicas } from '../replicas.js';
import type { Status } from '../status.js';
import { FollowedTab } from './followed-tab.js';
import { Following } from './following.js';
import type { TabMessage } from './messages.js';

/** What a browser has for this; another environment may bring its own. */
export interface TabsOptions {
  readonly locks: Pick<LockManager, 'request'>;
  readonly BroadcastChannel: new (name: string) => Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>;
}

/** Undefined outside of browsers, and where a browser has no Web Locks: then each tab is alone. */
export function tabsOfBrowser(): TabsOptions | undefined {
  const locks = globalThis.document && globalThis.navigator?.locks;
  return locks && globalThis.BroadcastChannel ? { locks, BroadcastChannel: globalThis.BroadcastChannel } : undefined;
}

export class Tabs {
  leads = false;
  /** What the leading tab last said. */
  status: Status | undefined;

  private readonly id = crypto.randomUUID();
  private readonly channel: InstanceType<TabsOptions['BroadcastChannel']>;
  private readonly closing = new AbortController();
  private readonly followed = new Map<string, FollowedTab>();
  private readonly following: Following;
  private readonly proxy: PresenceProxy = {
    announce: (collection, record, what) => this.post({ type: 'announce', tab: this.id, collection, record, what }),
    watch: (collection, record, watches) => this.post({ type: 'watch', tab: this.id, collection, record, watches }),
  };
  private readonly heard = new Listeners<[TabMessage]>();

  constructor(
    private readonly name: string,
    private readonly means: TabsOptions,
    private readonly inner: { readonly outbox: Outbox; readonly replicas: Replicas },
    private readonly presence: Presence,
    private readonly lead: (leads: boolean) => void,
  ) {
    this.channel = new means.BroadcastChannel(name);
    this.channel.onmessage = (event: MessageEvent) => this.take(event.data as TabMessage);
    this.following = new Following(this.id, (message) => this.post(message), this.heard);
    const { outbox } = inner;
    outbox.made.add((write) => this.post({ type: 'writes', writes: [write] }));
    outbox.answered.add((writes, results) => {
      if (this.leads) this.post({ type: 'settled', writes, results });
    });
  }

  start(): void {
    this.lead(false);
    this.inner.replicas.attach(this.following);
    this.presence.by(this.proxy);
    this.post({ type: 'hello' });
    // The lock that says that this tab is alive, and the one that says who leads. Both end with the tab, however it ends.
    this.hold(this.lockOf(this.id), () => {});
    this.hold(`${this.name} leader`, () => {
      this.leads = true;
      this.presence.by(undefined);
      this.lead(true);
      this.post({ type: 'leader' });
    });
  }

  /** How things stand, for the tabs that follow. */
  tell(status: Status): void {
    if (this.leads) this.status = status;
    if (this.leads) this.post({ type: 'status', status });
  }

  close(): void {
    this.closing.abort();
    for (const tab of this.followed.values()) tab.close();
    this.followed.clear();
    this.channel.onmessage = null;
    this.channel.close();
  }

  private hold(lock: string, held: () => void): void {
    const { signal } = this.closing;
    const until = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    const request = this.means.locks.request(lock, { signal }, () => {
      if (signal.aborted) return undefined;
      held();
      return until;
    });
    void Promise.resolve(request).catch(() => {});
  }

  private take(message: TabMessage): void {
    const { outbox } = this.inner;
    if (message.type === 'writes') outbox.know(message.writes);
    else if (this.leads) this.serve(message);
    else if (message.type === 'settled') outbox.settle(message.writes, message.results);
    else if (message.type === 'status') {
      this.status = message.status;
      this.lead(false);
    } else {
      if (message.type === 'leader') {
        this.post({ type: 'writes', writes: outbox.all() });
        this.presence.by(this.proxy);
      } else if (message.type === 'people' && message.tab === this.id) this.presence.take(message.collection, message.record, message.people);
      this.heard.tell(message);
    }
  }

  private serve(message: TabMessage): void {
    if (message.type === 'hello') this.post({ type: 'leader' });
    else if (message.type === 'follow') this.tab(message.tab).follow(message.key, message.collection, message.filter);
    else if (message.type === 'announce') this.tab(message.tab).announce(message.collection, message.record, message.what);
    else if (message.type === 'watch') this.tab(message.tab).watch(message.collection, message.record, message.watches);
    else if (message.type === 'unfollow') this.followed.get(message.tab)?.unfollow(message.key);
    if (message.type === 'hello' && this.status) this.post({ type: 'status', status: this.status });
  }

  private tab(id: string): FollowedTab {
    let tab = this.followed.get(id);
    if (tab) return tab;
    tab = new FollowedTab(id, this.inner.replicas, this.presence, (message) => this.post(message));
    this.followed.set(id, tab);
    // To be given its lock means that the tab is gone.
    const { signal } = this.closing;
    const gone = this.means.locks.request(this.lockOf(id), { signal }, () => {
      this.followed.get(id)?.close();
      this.followed.delete(id);
    });
    void Promise.resolve(gone).catch(() => {});
    return tab;
  }

  private lockOf(tab: string): string {
    return `${this.name} tab ${tab}`;
  }

  private post(message: TabMessage): void {
    if (!this.closing.signal.aborted) this.channel.postMessage(message);
  }
}
