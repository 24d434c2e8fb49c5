/** Web Locks as browsers have them, for Node.js, which has none: exclusive, in the order of asking, and gone with whoever holds them. */

export class Locks {
  private readonly held = new Map<string, Promise<unknown>>();

  readonly request = (async (name: string, options: { signal?: AbortSignal }, action: (lock: unknown) => unknown) => {
    const before = this.held.get(name) ?? Promise.resolve();
    let done = () => {};
    const mine = before.then(() => new Promise<void>((resolve) => (done = resolve)));
    this.held.set(name, mine);
    await before;
    try {
      if (options.signal?.aborted) throw new Error('AbortError');
      return await action({ name });
    } finally {
      done();
    }
  }) as unknown as LockManager['request'];
}
