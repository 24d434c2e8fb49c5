// Hocuspocus with documents in memory and no extension: every connection to the document "bench" has all of it.
// node server.js <port>: the map "records" has "hot" from the start.
import { Server } from '@hocuspocus/server';

const server = new Server({
  port: Number(process.argv[2]),
  address: '127.0.0.1',
  quiet: true,
  timeout: 3_600_000, // a run is shorter, and the generator's subscribers are silent
});
// A document without connections is unloaded, and nothing is stored: this connection keeps it.
const keeper = await server.hocuspocus.openDirectConnection('bench');
await keeper.transact((document) => document.getMap('records').set('hot', '{"count":0}'));
await server.listen();
console.log('ready');
