/** What the leading tab does for one that follows it: holds the replicas it shows, and passes on their pages. */

import type { JsonObject } from '../protocol/wire.js';
import type { Replicas } from '../replicas.js';
import type { TabMessage } from './messages.js';

export class FollowedTab {
  private readonly held = new Map<string, () => void>();

  constructor(
    private readonly id: string,
    private readonly replicas: Replicas,
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
    this.held.get(key)?.();
    this.held.delete(key);
  }

  close(): void {
    for (const release of this.held.values()) release();
    this.held.clear();
  }
}
