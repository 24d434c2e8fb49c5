/** Sums as the server makes them: exact in decimal, so that 0.1 and 0.2 are 0.3 on the screen too. */

export function add(a: number, b: number): number {
  if (Number.isSafeInteger(a) && Number.isSafeInteger(b)) return a + b;
  const [x, scaleOfX] = scaled(a);
  const [y, scaleOfY] = scaled(b);
  const scale = Math.max(scaleOfX, scaleOfY);
  const sum = x * 10n ** BigInt(scale - scaleOfX) + y * 10n ** BigInt(scale - scaleOfY);
  return Number(`${sum}e-${scale}`);
}

/** The number as digits and how many of them stand after the point. */
function scaled(value: number): [bigint, number] {
  const [mantissa, exponent = '0'] = value.toString().split('e');
  const [whole, fraction = ''] = mantissa!.split('.');
  const scale = fraction.length - Number(exponent);
  const digits = BigInt(whole! + fraction);
  return scale >= 0 ? [digits, scale] : [digits * 10n ** BigInt(-scale), 0];
}
