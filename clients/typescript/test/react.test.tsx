// @vitest-environment happy-dom
import { act, type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MemoryStore, type SyncClient } from '../src/index.js';
import { SyncProvider, useConflicts, usePresence, useQuery, useRecord, useSyncStatus } from '../src/react/index.js';
import { call, client, newName, until } from './server/world.js';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;

type Todo = { title: string; n?: number };

async function screen(sync: SyncClient, content: ReactNode): Promise<HTMLElement> {
  const place = document.createElement('div');
  const root = createRoot(place);
  await act(async () => {
    root.render(
      <StrictMode>
        <SyncProvider client={sync}>{content}</SyncProvider>
      </StrictMode>,
    );
  });
  onTestFinished(() => act(async () => root.unmount()));
  return place;
}

function shows(place: HTMLElement, text: string): Promise<unknown> {
  return until(async () => {
    await act(async () => {
      await new Promise((done) => setTimeout(done, 5));
    });
    return place.textContent === text;
  }).catch((error) => {
    throw new Error(`It shows '${place.textContent}' instead of '${text}'. ${error}`);
  });
}

describe('React', () => {
  test('a query shows what is there, one’s own edits at once, and those of others', async () => {
    const sync = client({ store: new MemoryStore() });
    const name = newName();
    let renders = 0;
    function List() {
      const { records } = useQuery<Todo>(name, { filter: { n: { gte: 1 } }, orderBy: '-n', limit: 2 });
      renders++;
      return records.map((each) => each.data.title).join();
    }
    const place = await screen(sync, <List />);
    await act(async () => void sync.collection<Todo>(name).put('a', { title: 'a', n: 1 }));
    expect(place.textContent).toBe('a');
    await call(`/v1/collections/${name}/records/b`, 'PUT', { title: 'b', n: 3 });
    await call(`/v1/collections/${name}/records/c`, 'PUT', { title: 'c', n: 2 });
    await call(`/v1/collections/${name}/records/d`, 'PUT', { title: 'd', n: 0 });
    await shows(place, 'b,c');
    expect(renders).toBeLessThan(40);
  });

  test('a record is edited where it is shown', async () => {
    const sync = client();
    const name = newName();
    let edit = (_: number) => {};
    function Card() {
      const { record, upToDate, patch } = useRecord<Todo>(name, 't1');
      edit = (n) => void patch({ n });
      return upToDate ? (record ? `${record.data.title}${record.data.n ?? ''}` : 'none') : 'loading';
    }
    const place = await screen(sync, <Card />);
    await shows(place, 'none');
    await call(`/v1/collections/${name}/records/t1`, 'PUT', { title: 'x' });
    await shows(place, 'x');
    await act(async () => edit(5));
    expect(place.textContent).toBe('x5');
    await until(() => sync.status.pending === 0);
  });

  test('conflicts appear and go', async () => {
    const sync = client();
    const name = newName();
    await call(`/v1/collections/${name}`, 'PUT', { policy: 'manual' });
    function Inbox() {
      return useConflicts(name)
        .map((each) => `${each.id}:${each.conflict.candidates.length}`)
        .join();
    }
    const place = await screen(sync, <Inbox />);
    const path = `/v1/collections/${name}/records/t1`;
    await call(path, 'PUT', { title: '1' });
    await call(path, 'PATCH', { title: '2' }, { 'Sync-Base': '1', 'Sync-Client': 'x' });
    await call(path, 'PATCH', { title: '3' }, { 'Sync-Base': '1', 'Sync-Client': 'y' });
    await shows(place, 't1:1');
    await act(async () => void (await sync.collection(name).conflicts.resolve('t1', { expect: 1, choices: {} })));
    await shows(place, '');
  });

  test('people see each other', async () => {
    const [ada, bob] = [client({ client: 'ada' }), client({ client: 'bob' })];
    const name = newName();
    function People({ field }: { field: string }) {
      return usePresence(name, 't1', { fields: [field] })
        .map((each) => `${each.client}:${each.fields}`)
        .join();
    }
    const [one, two] = [await screen(ada, <People field="title" />), await screen(bob, <People field="note" />)];
    await shows(one, 'ada:title,bob:note');
    await shows(two, 'ada:title,bob:note');
    await ada.close();
    await shows(two, 'bob:note');
  });

  test('a server renders what is known before anything is: nothing', () => {
    const sync = client();
    function Page() {
      return `${useQuery('todos').records.length}${useSyncStatus().state}`;
    }
    const html = renderToString(
      <SyncProvider client={sync}>
        <Page />
      </SyncProvider>,
    );
    expect(html).toBe('0connecting');
  });
});
