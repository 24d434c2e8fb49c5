/** The caller's token: asked for when it is needed, and anew when the server no longer takes it. */

export type TokenSource = string | (() => Promise<string | undefined> | string | undefined);

export class Tokens {
  private known: Promise<string | undefined> | undefined;

  /** @param renewed told when there is another token. */
  constructor(
    private source: TokenSource | undefined,
    private readonly renewed: () => void,
  ) {}

  current(): Promise<string | undefined> {
    const { source } = this;
    this.known ??= typeof source === 'function' ? Promise.resolve().then(source) : Promise.resolve(source);
    // A source that fails once is asked again the next time.
    this.known.catch(() => {
      this.known = undefined;
    });
    return this.known;
  }

  /** The server did not take it. A function is asked again; a string stays what it is until it is replaced. */
  refuse(): void {
    if (typeof this.source === 'function') this.known = undefined;
  }

  replace(source: TokenSource | undefined): void {
    this.source = source;
    this.known = undefined;
    this.renewed();
  }
}

/** When a JWT expires, in milliseconds since 1970; undefined where it does not say. */
export function expiryOf(token: string | undefined): number | undefined {
  try {
    const body = token?.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/');
    const { exp } = JSON.parse(atob(body ?? '')) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
