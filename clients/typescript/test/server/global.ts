/** One server for all tests: each test has collections of its own. */

import type { TestProject } from 'vitest/node';
import { ServerProcess } from './process.js';

declare module 'vitest' {
  export interface ProvidedContext {
    server: string;
  }
}

export default async function setup(project: TestProject) {
  const server = await ServerProcess.started();
  project.provide('server', server.url);
  return () => server.stop();
}
