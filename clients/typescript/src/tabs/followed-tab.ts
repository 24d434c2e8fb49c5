/** What the leading tab does for one that follows it: holds the replicas it shows and passes on their pages, says and asks who is there. */

import type { Announcement, Presence } from '../presence.js';
import type { JsonObject } from '../protocol/wire.js';
import type { Replicas } from '../replicas.js';
import type { TabMessage } from './messages.js';

export class FollowedTab {
  private readonly held = new Map<string, () => void>();

  constructor(
    private readonly id: string,
    private readonly replicas: Replicas,
    private readonly presence: Presence,
    private readonly post: (message: TabMessage) => void,
  ) {}

  /** Sends all there is, then each page. Asked again, it sends all there is again. */
  follow(key: string, collection: string, filter: JsonObject | undefined): void {
    this.unfollow(key);
    const { replica, loaded, release } = this.replicas.open(collection, filter);
    let off = () => {};
    let over = false;
    this.held.set(key, () => {
      over = true;
      off();
      release();
    });
    void loaded.then(() => {
      if (over) return;
      this.post({ type: 'snapshot', tab: this.id, key, stored: replica.dump() });
      off = replica.pages.add((page) => this.post({ type: 'page', tab: this.id, key, page }));
    });
  }

  unfollow(key: string): void {
    this.letGo(key);
  }

  /** What is said again replaces what was said, as it does for everybody. */
  announce(collection: string, record: string, what: Announcement | undefined): void {
    const key = `announce ${collection}/${record}`;
    const before = this.held.get(key);
    this.held.delete(key);
    if (what) this.held.set(key, this.presence.announce(collection, record, what));
    before?.();
  }

  watch(collection: string, record: string | undefined, watches: boolean): void {
    const key = `watch ${collection}/${record ?? ''}`;
    this.letGo(key);
    if (!watches) return;
    const end = this.presence.watch(collection, record, (people) => this.post({ type: 'people', tab: this.id, collection, record, people }));
    this.held.set(key, end);
  }

  private letGo(key: string): void {
    this.held.get(key)?.();
    this.held.delete(key);
  }

  close(): void {
    for (const release of this.held.values()) release();
    this.held.clear();
  }
}
