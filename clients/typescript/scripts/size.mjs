// Says how much of an application's bundle each entry point takes: minified, and gzipped on top.
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

for (const entry of ['src/index.ts', 'src/react/index.ts', 'src/adapters/tanstack-db.ts', 'src/adapters/rxdb.ts']) {
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, format: 'esm', target: 'es2022', packages: 'external', write: false });
  const code = outputFiles[0].contents;
  console.log(`${entry}: ${code.length} bytes minified, ${gzipSync(code, { level: 9 }).length} gzipped`);
}
