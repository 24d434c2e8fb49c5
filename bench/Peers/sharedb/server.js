// ShareDB with its database and publish/subscribe in memory, a document a record, type json0.
// node server.js <port> <records>: r-0, r-1 … and "hot" are there from the start.
import { createServer } from 'node:http';
import ShareDB from 'sharedb';
import { WebSocketServer } from 'ws';
import WebSocketJSONStream from '@teamwork/websocket-json-stream';

const backend = new ShareDB();
const http = createServer();
// perMessageDeflate is off by default; bufferutil is installed, as the documentation of ws recommends.
new WebSocketServer({ server: http }).on('connection', (socket) => backend.listen(new WebSocketJSONStream(socket)));

const [port, records] = process.argv.slice(2).map(Number);
const connection = backend.connect();
const create = (id, data) => new Promise((done, failed) =>
  connection.get('bench', id).create(data, (error) => (error ? failed(error) : done())));
for (let i = 0; i < records; i++) await create(`r-${i}`, { value: null });
await create('hot', { count: 0 });
connection.close();

http.listen(port, '127.0.0.1', () => console.log('ready'));
