/** The real server as its users start it: a process on a free port, with a data folder of its own. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../../../..');

export class ServerProcess {
  private process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly data: string,
    private readonly settings: readonly string[],
  ) {}

  static async started(...settings: string[]): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), mkdtempSync(join(tmpdir(), 'orleanssync-ts-')), settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const assembly = ['Release', 'Debug'].map((each) => join(root, `src/Gateway/bin/${each}/net10.0/OrleansSync.Gateway.dll`)).find(existsSync);
    if (!assembly) throw new Error("The server is not built: 'dotnet build src/Gateway'.");
    this.process = spawn('dotnet', [assembly, '--Urls', this.url, '--Data', this.data, ...this.settings], { stdio: ['ignore', 'ignore', 'inherit'] });
    for (let i = 0; i < 600; i++) {
      if (this.process.exitCode !== null) throw new Error(`The server ended with ${this.process.exitCode}.`);
      const ready = await fetch(`${this.url}/health/ready`).then(
        (each) => each.ok,
        () => false,
      );
      if (ready) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error('The server was not ready within a minute.');
  }

  /** As kill -9. */
  async kill(): Promise<void> {
    const { process } = this;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    const gone = new Promise((done) => process.once('exit', done));
    process.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}
