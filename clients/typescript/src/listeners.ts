/** Who wants to be told of something. One that throws does not keep the others from being told. */

export class Listeners<A extends unknown[]> {
  private readonly all = new Set<(...args: A) => void>();

  get size(): number {
    return this.all.size;
  }

  /** @returns a function that ends it. */
  add(listener: (...args: A) => void): () => void {
    // A wrapper of its own: the same function may listen twice, and ends one time each.
    const own = (...args: A) => listener(...args);
    this.all.add(own);
    return () => void this.all.delete(own);
  }

  tell(...args: A): void {
    for (const listener of [...this.all]) {
      if (!this.all.has(listener)) continue;
      try {
        listener(...args);
      } catch (error) {
        // The application's own error: it surfaces as uncaught, and the client's state stays whole.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
