/** OrleansSync for React: hooks on `useSyncExternalStore`, so that a screen never shows two states at once. */

export { SyncProvider, useSyncClient } from './provider.js';
export { useConflicts } from './use-conflicts.js';
export { usePresence } from './use-presence.js';
export { type QueryOptions, type QueryResult, useQuery } from './use-query.js';
export { type RecordResult, useRecord } from './use-record.js';
export { useSyncStatus } from './use-sync-status.js';
