/** OrleansSync for TypeScript: records that are here at once, edited offline, and the same everywhere in the end. */

export { SyncClient, type SyncClientOptions } from './client.js';
export type { Collection, EditOptions, FieldOperation, List, ListOptions, Patch } from './collection.js';
export type { Conflicts, Disputed, Resolution } from './conflicts.js';
export type { Edit } from './edit.js';
export type { Announcement, Presence } from './presence.js';
export { SyncError } from './protocol/failure.js';
export { Filter } from './protocol/filter.js';
export * from './protocol/wire.js';
export type { Delta, Snapshot } from './replica.js';
export type { Status } from './status.js';
export { IndexedDbStore } from './store/indexed-db.js';
export { MemoryStore } from './store/memory.js';
export type { ReplicaBatch, Row, Store, StoreBatch, StoredReplica } from './store/store.js';
export type { TabsOptions } from './tabs/tabs.js';
export type { TokenSource } from './tokens.js';
export type { TransportName } from './transport/transport.js';
