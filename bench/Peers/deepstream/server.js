// deepstream with its cache in memory and no storage behind it.
// node server.js <port>
import { createRequire } from 'node:module';

const { Deepstream } = createRequire(import.meta.url)('@deepstream/server');
const server = new Deepstream({
  showLogo: false,
  logLevel: 3, // errors: at a lower level each refused write is a line on the console
  telemetry: { type: 'deepstreamIO', options: { enabled: false } },
  permission: { type: 'none', options: {} },
  httpServer: {
    type: 'default',
    options: { host: '127.0.0.1', port: Number(process.argv[2]), healthCheckPath: '/health-check', allowAllOrigins: true, maxMessageSize: 1048576 },
  },
  connectionEndpoints: [{
    type: 'ws-binary',
    options: {
      urlPath: '/deepstream',
      heartbeatInterval: 3_600_000, // a run is shorter, and the generator sends no heartbeats
      outgoingBufferTimeout: 0,
    },
  }],
});
server.on('started', () => console.log('ready'));
server.start();
