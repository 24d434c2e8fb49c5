/** Instants as the protocol writes them: UTC with seven digits, so that text order is time order. Counted in ticks of 100 ns since 1970. */

export const ticksPerMillisecond = 10_000n;

const shape = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})$/;

export function formatTicks(ticks: bigint): string {
  const second = ticks / 10_000_000n;
  const digits = (ticks % 10_000_000n).toString().padStart(7, '0');
  return `${new Date(Number(second) * 1000).toISOString().slice(0, 19)}.${digits}Z`;
}

/** Reads any RFC 3339 instant from 1970 on, cut to 100 ns; undefined where it is none. */
export function parseTicks(text: string): bigint | undefined {
  const parts = shape.exec(text);
  if (!parts) return undefined;
  const seconds = Date.parse(`${parts[1]}T${parts[2]}${parts[4]!.toUpperCase()}`);
  if (Number.isNaN(seconds)) return undefined;
  return BigInt(seconds) * ticksPerMillisecond + BigInt((parts[3] ?? '').slice(0, 7).padEnd(7, '0'));
}
