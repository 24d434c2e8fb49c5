/** Where the replicas of a tab that does not lead get their pages: from the one that does. */

import type { Listeners } from '../listeners.js';
import type { Replica } from '../replica.js';
import type { Source } from '../replicas.js';
import type { TabMessage } from './messages.js';

export class Following implements Source {
  /** Replicas by key, and whether the leader has sent all there is. */
  private readonly replicas = new Map<string, { replica: Replica; whole: boolean }>();

  constructor(
    private readonly tab: string,
    private readonly post: (message: TabMessage) => void,
    heard: Listeners<[TabMessage]>,
  ) {
    heard.add((message) => this.take(message));
  }

  follow(replica: Replica): () => void {
    this.replicas.set(replica.key, { replica, whole: false });
    this.ask(replica);
    return () => {
      this.replicas.delete(replica.key);
      this.post({ type: 'unfollow', tab: this.tab, key: replica.key });
    };
  }

  private take(message: TabMessage): void {
    if (message.type === 'leader') for (const each of this.replicas.values()) this.ask(each.replica);
    else if (message.type === 'snapshot' && message.tab === this.tab) this.load(message);
    else if (message.type === 'page' && message.tab === this.tab) this.page(message);
  }

  private load({ key, stored }: TabMessage & { type: 'snapshot' }): void {
    const followed = this.replicas.get(key);
    if (!followed) return;
    followed.whole = true;
    followed.replica.load(stored, true);
  }

  private page({ key, page }: TabMessage & { type: 'page' }): void {
    const followed = this.replicas.get(key);
    // Before all there is was sent, a page says nothing.
    if (!followed?.whole || followed.replica.accept(page)) return;
    followed.whole = false;
    this.ask(followed.replica);
  }

  private ask(replica: Replica): void {
    this.post({ type: 'follow', tab: this.tab, key: replica.key, collection: replica.collection, filter: replica.filterJson });
  }
}
