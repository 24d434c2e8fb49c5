import { randomUUID } from 'node:crypto';
import { BroadcastChannel } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MemoryStore, type SyncClient } from '../src/index.js';
import { Locks } from './server/locks.js';
import { Network } from './server/network.js';
import { call, client, newName, server, until } from './server/world.js';

/** A browser: tabs that share a store, locks and a channel. */
class Browser {
  readonly store = new MemoryStore();
  readonly locks = new Locks();
  readonly user = randomUUID();

  constructor(private readonly url = server) {}

  tab(): SyncClient {
    const tabs = { locks: this.locks, BroadcastChannel: BroadcastChannel as never };
    return client({ store: this.store, user: this.user, client: 'browser', tabs }, this.url);
  }
}

describe('Tabs of one browser', () => {
  test('one leads and the others see the same, edits of all included', async () => {
    const browser = new Browser();
    const name = newName();
    const [one, two] = [browser.tab(), browser.tab()];
    await until(() => one.status.leads && one.status.state === 'online');
    for (const tab of [one, two]) tab.collection(name).subscribe(() => {});
    await until(() => !two.status.leads && two.status.state === 'online' && two.collection(name).snapshot()?.upToDate);

    expect(await two.collection(name).put('a', { n: 1 })).toMatchObject({ outcome: 'applied', record: { version: 1 } });
    expect(two.collection(name).snapshot()?.records[0]).toMatchObject({ version: 1 });
    await until(() => one.collection(name).snapshot()?.records[0]?.version === 1);
    await call(`/v1/collections/${name}/records/a`, 'PATCH', { n: 2 });
    await until(() => two.collection(name).snapshot()?.records[0]?.data.n === 2);
    expect(await one.collection(name).patch('a', { n: 3 })).toMatchObject({ outcome: 'applied' });
    await until(() => two.collection(name).snapshot()?.records[0]?.data.n === 3 && two.status.pending === 0);
  });

  test('when the leader goes another takes over, nothing lost and nothing twice', async () => {
    const network = await Network.before(server);
    onTestFinished(() => network.stop());
    const browser = new Browser(network.url);
    const name = newName();
    const [one, two, three] = [browser.tab(), browser.tab(), browser.tab()];
    await until(() => one.status.leads && one.status.state === 'online');
    for (const tab of [one, two, three]) tab.collection(name).subscribe(() => {});
    await one.collection(name).put('a', { n: 0 });
    await until(() => [two, three].every((tab) => tab.collection(name).snapshot()?.records.length === 1));

    network.cut = true;
    network.breakAll();
    const edits = [two, three].flatMap((tab) => Array.from({ length: 5 }, () => tab.collection(name).increment('a', 'n')));
    one.collection(name).increment('a', 'n');
    await Promise.all(edits.map((edit) => edit.saved));
    await until(() => three.status.pending === 11);
    await one.close();
    await until(() => two.status.leads || three.status.leads);
    network.cut = false;
    for (const edit of edits) expect((await edit).outcome).toMatch(/applied|merged/);
    await until(() => [two, three].every((tab) => tab.status.pending === 0 && tab.collection(name).snapshot()?.records[0]?.data.n === 11));
    expect((await call(`/v1/collections/${name}/records/a`)).body.data.n).toBe(11);
    await call(`/v1/collections/${name}/records/b`, 'PUT', { n: 1 });
    await until(() => [two, three].every((tab) => tab.collection(name).snapshot()?.records.length === 2));

    const [leader, other] = two.status.leads ? [two, three] : [three, two];
    await leader.close();
    await call(`/v1/collections/${name}/records/b`, 'DELETE');
    await until(() => other.status.leads && other.collection(name).snapshot()?.records.length === 1);
  });

  test('a tab that comes later, and follows something else, gets it too', async () => {
    const browser = new Browser();
    const name = newName();
    await call(`/v1/collections/${name}/records/a`, 'PUT', { on: true });
    await call(`/v1/collections/${name}/records/b`, 'PUT', { on: false });
    const one = browser.tab();
    await until(() => one.status.leads);
    const two = browser.tab();
    two.collection(name).subscribe({ on: true }, () => {});
    await until(
      () =>
        two
          .collection(name)
          .snapshot({ on: true })
          ?.records.map((each) => each.id)
          .join() === 'a',
    );
    await call(`/v1/collections/${name}/records/b`, 'PATCH', { on: true });
    await until(() => two.collection(name).snapshot({ on: true })?.records.length === 2);
  });

  test('a tab that follows is seen by others, and sees them, until it is closed', async () => {
    const browser = new Browser();
    const name = newName();
    const one = browser.tab();
    await until(() => one.status.leads && one.status.state === 'online');
    const two = browser.tab();
    const bob = client({ client: 'bob' });
    const seen = new Map<string, string>();
    bob.presence.watch(name, undefined, (people) => seen.set('bob', people.map((each) => `${each.client}:${each.record}`).join()));
    two.presence.watch(name, undefined, (people) => seen.set('two', people.map((each) => `${each.client}:${each.record}`).join()));
    two.presence.announce(name, 'a');
    bob.presence.announce(name, 'b');
    await until(() => seen.get('bob') === 'bob:b,browser:a' && seen.get('two') === 'bob:b,browser:a');
    await two.close();
    await until(() => seen.get('bob') === 'bob:b');
  });
});
