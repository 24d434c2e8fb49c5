// ShareDB, a document a record, type json0; publish/subscribe in memory, its database in memory or in PostgreSQL.
// node server.js <port> <records> [<database>]: r-0, r-1 … and "hot" are there from the start.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import pg from 'pg';
import ShareDB from 'sharedb';
import PostgresDB from 'sharedb-postgres';
import { WebSocketServer } from 'ws';
import WebSocketJSONStream from '@teamwork/websocket-json-stream';

const [port, records] = process.argv.slice(2, 4).map(Number);
const backend = new ShareDB(process.argv[4] ? { db: await postgres(process.argv[4]) } : {});
const http = createServer();
// perMessageDeflate is off by default; bufferutil is installed, as the documentation of ws recommends.
new WebSocketServer({ server: http }).on('connection', (socket) => backend.listen(new WebSocketJSONStream(socket)));

const connection = backend.connect();
const create = (id, data) => new Promise((done, failed) =>
  connection.get('bench', id).create(data, (error) => (error ? failed(error) : done())));
for (let i = 0; i < records; i++) await create(`r-${i}`, { value: null });
await create('hot', { count: 0 });
connection.close();

http.listen(port, '127.0.0.1', () => console.log('ready'));

async function postgres(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(readFileSync(createRequire(import.meta.url).resolve('sharedb-postgres/structure.sql'), 'utf8'));
  await client.end();
  return new PostgresDB({ connectionString, max: 32 });
}
