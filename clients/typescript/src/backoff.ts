/** How long to wait before trying again: full jitter, doubling up to a limit. */

export class Backoff {
  private attempts = 0;

  /** @param first @param most in milliseconds. */
  constructor(
    private readonly first = 250,
    private readonly most = 30_000,
    private readonly random: () => number = Math.random,
  ) {}

  /** The next wait in milliseconds, never under what the server asked for. */
  next(atLeast = 0): number {
    const ceiling = Math.min(this.most, this.first * 2 ** Math.min(this.attempts++, 30));
    return atLeast + this.random() * ceiling;
  }

  succeeded(): void {
    this.attempts = 0;
  }
}
