// The CouchDB protocol served by express-pouchdb on LevelDB.
// node server.js <port> <records> <folder>
import { createRequire } from 'node:module';
import express from 'express';

const require = createRequire(import.meta.url);
const PouchDB = require('pouchdb-core').plugin(require('pouchdb-adapter-leveldb'));
const [port, , folder] = process.argv.slice(2);
const Databases = PouchDB.defaults({ prefix: `${folder}/` });
const app = express();
app.use('/', require('express-pouchdb')(Databases, { mode: 'minimumForPouchDB', inMemoryConfig: true }));
await new Databases('bench').info();
app.listen(Number(port), '127.0.0.1', () => console.log('ready'));
