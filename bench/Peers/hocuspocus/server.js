// Hocuspocus with documents in memory and no extension: every connection to the document "bench" has all of it.
// node server.js <port>
import { Server } from '@hocuspocus/server';

const server = new Server({
  port: Number(process.argv[2]),
  address: '127.0.0.1',
  quiet: true,
  timeout: 3_600_000, // a run is shorter, and the generator's subscribers are silent
});
await server.listen();
console.log('ready');
