/** A wait that an event can cut short: back online, a tab that is looked at again, a new token. */

export class Pause {
  private readonly waiting = new Set<() => void>();

  /** Resolves after the time, when nudged, or when the signal aborts. */
  wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(milliseconds, 2 ** 31 - 1));
      this.waiting.add(done);
      signal?.addEventListener('abort', done);
    });
  }

  nudge(): void {
    for (const done of [...this.waiting]) done();
  }
}
