/** A piece of network between client and server: passes everything on, or refuses WebSockets, or is cut. */

import { createServer, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';

export class Network {
  refusesWebSockets = false;
  /** Answers are gathered whole before they are passed on: event streams never come through. */
  gathers = false;
  cut = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async before(url: string): Promise<Network> {
    const server = createServer();
    const proxy = new Network(server, new URL(url));
    server.on('connection', (socket) => proxy.keep(socket));
    server.on('request', (incoming, outgoing) => {
      const onward = request(
        { host: proxy.target.hostname, port: proxy.target.port, path: incoming.url, method: incoming.method, headers: incoming.headers },
        (answer) => {
          if (proxy.gathers && answer.headers['content-type']?.startsWith('text/event-stream')) return;
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
          outgoing.flushHeaders();
        },
      );
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      incoming.pipe(onward);
    });
    server.on('upgrade', (incoming, socket, head) => {
      if (proxy.refusesWebSockets) return socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      const onward = connect(Number(proxy.target.port), proxy.target.hostname, () => {
        const headers = incoming.rawHeaders.flatMap((each, i) => (i % 2 === 0 ? [`${each}: ${incoming.rawHeaders[i + 1]}`] : []));
        onward.write(`${incoming.method} ${incoming.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
        onward.write(head);
        socket.pipe(onward).pipe(socket);
      });
      proxy.keep(onward);
      onward.on('error', () => socket.destroy());
      socket.on('error', () => onward.destroy());
      socket.on('close', () => onward.destroy());
      return undefined;
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as { port: number }).port}`;
  }

  /** Every connection breaks now; with `cut` new ones too. */
  breakAll(): void {
    for (const socket of [...this.sockets]) socket.destroy();
  }

  async stop(): Promise<void> {
    this.server.close();
    this.breakAll();
  }

  private keep(socket: Socket): void {
    if (this.cut) {
      socket.destroy();
      return;
    }
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }
}
