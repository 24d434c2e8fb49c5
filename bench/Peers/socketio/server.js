// A Socket.IO server as its users write one: a room, the newest value of each record in memory, the last write wins.
// node server.js <port>
import { createServer } from 'node:http';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'], // no upgrade from long polling: the fastest way in, and what the generator speaks
  serveClient: false,
  pingInterval: 3_600_000, // a run is shorter, and the generator answers no pings
});
// https://socket.io/docs/v4/performance-tuning/ : bufferutil is installed, and the first request is let go of.
io.engine.on('connection', (socket) => { socket.request = null; });

const records = new Map();
io.on('connection', (socket) => {
  socket.on('join', (answer) => { socket.join('bench'); answer(true); });
  socket.on('get', (id, answer) => answer(records.get(id) ?? null));
  socket.on('write', (id, data, answer) => {
    records.set(id, data);
    io.to('bench').emit('change', id, data);
    answer(true);
  });
});

http.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
