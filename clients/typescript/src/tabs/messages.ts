/** What the tabs of one browser tell each other. */

import type { Announcement } from '../presence.js';
import type { JsonObject, Page, Person, Result, Write } from '../protocol/wire.js';
import type { Status } from '../status.js';
import type { StoredReplica } from '../store/store.js';

export type TabMessage =
  /** A tab is new: who leads? */
  | { type: 'hello' }
  /** I lead from now on: say what you follow and what waits. */
  | { type: 'leader' }
  | { type: 'status'; status: Status }
  /** Somebody made an edit; it is in the store. */
  | { type: 'writes'; writes: readonly Write[] }
  /** The server has answered. */
  | { type: 'settled'; writes: readonly Write[]; results: readonly Result[] }
  | { type: 'follow'; tab: string; key: string; collection: string; filter: JsonObject | undefined }
  | { type: 'unfollow'; tab: string; key: string }
  | { type: 'snapshot'; tab: string; key: string; stored: StoredReplica }
  | { type: 'announce'; tab: string; collection: string; record: string; what: Announcement | undefined }
  | { type: 'watch'; tab: string; collection: string; record: string | undefined; watches: boolean }
  | { type: 'people'; tab: string; collection: string; record: string | undefined; people: readonly Person[] }
  | { type: 'page'; tab: string; key: string; page: Page };
