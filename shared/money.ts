/**
 * Money, exactly. One amount is a `bigint` of yocto-dollars (1 yocto-dollar = 10⁻²⁴ dollars).
 *
 * Why so small: the API gives costs as JSON floats, and the shortest text of such a float may have more than
 * twenty decimals (`0.00037035000000000003`). Twenty-four hold every one of them from 10⁻⁸ dollars up, so a
 * sum here is the sum of the source's own digits, and no calculator in the world can disagree with it.
 */
export type Money = bigint;

export const DECIMALS = 24;
const UNIT = 10n ** BigInt(DECIMALS);

/** Yocto-dollars in one nano-dollar; the rest lane stays strictly below it, so it fits a double exactly. */
export const YOCTOS_PER_NANO = 1_000_000_000_000_000;
const YOCTOS_PER_NANO_BIG = BigInt(YOCTOS_PER_NANO);

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
const MOST_DIGITS = 400;

/**
 * Reads an amount of dollars: decimal text (`-0.000123`, `1.5e-7`) or a JSON number, which stands for its
 * shortest text. Digits beyond the 24th decimal are rounded half away from zero.
 * @returns yocto-dollars, or `undefined` when it is not a finite decimal number.
 */
export function parseMoney(source: string | number): Money | undefined {
  const text = typeof source === 'number' ? String(source) : source.trim();
  if (text.length > MOST_DIGITS) return undefined;
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const digits = whole + fraction;
  const shift = DECIMALS - fraction.length + Number(exponent);
  if (Math.abs(shift) > MOST_DIGITS) return /^0*$/.test(digits) ? 0n : shift < 0 ? 0n : undefined;
  let amount = BigInt(digits);
  if (shift >= 0) amount *= 10n ** BigInt(shift);
  else {
    const cut = 10n ** BigInt(-shift);
    amount = (amount + cut / 2n) / cut;
  }
  return sign === '-' ? -amount : amount;
}

/**
 * Splits an amount into the two lanes the store adds up as plain doubles: whole nano-dollars, and the rest in
 * yocto-dollars (|rest| < 10¹⁵, same sign). Both are integers, so both are exact.
 */
export function toLanes(amount: Money): { nanos: number; rest: number } {
  return { nanos: Number(amount / YOCTOS_PER_NANO_BIG), rest: Number(amount % YOCTOS_PER_NANO_BIG) };
}

/** An amount in whole nano-dollars, rounded down; beyond nine million dollars to what a double holds. */
export function floorNanos(amount: Money): number {
  return Number(amount / YOCTOS_PER_NANO_BIG - (amount % YOCTOS_PER_NANO_BIG < 0n ? 1n : 0n));
}

/** The amount that two lanes stand for. Both must be integers. */
export function fromLanes(nanos: number, rest: number): Money {
  return BigInt(nanos) * YOCTOS_PER_NANO_BIG + BigInt(rest);
}

/**
 * Exact decimal text in dollars for exports: every digit there is, at least `least` decimals
 * (six, as OpenRouter's activity CSV has), never an exponent: `0.000120`, `-0.00037035000000000003`.
 */
export function toDecimal(amount: Money, least = 6): string {
  const negative = amount < 0n;
  const size = negative ? -amount : amount;
  let fraction = (size % UNIT).toString().padStart(DECIMALS, '0').replace(/0+$/, '');
  fraction = fraction.padEnd(least, '0');
  return `${negative ? '-' : ''}${size / UNIT}${fraction === '' ? '' : `.${fraction}`}`;
}

/** An amount for the eye with every digit there is, at least `least` decimals: `$0.000120`, `−$1,234.25`. */
export function formatExact(amount: Money, least = 6): string {
  const [whole = '', fraction] = toDecimal(amount < 0n ? -amount : amount, least).split('.');
  return `${amount < 0n ? '−' : ''}$${grouped(whole)}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** `1234567` → `1,234,567` */
const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, ',');

/** Rounds to `decimals` decimals of a dollar, half away from zero; the result is still yocto-dollars. */
export function roundTo(amount: Money, decimals: number): Money {
  const step = 10n ** BigInt(DECIMALS - decimals);
  const half = step / 2n;
  return amount >= 0n ? ((amount + half) / step) * step : -((-amount + half) / step) * step;
}

/** `amount / by`, rounded half away from zero to a yocto-dollar: an average, good to 24 decimals. */
export function divide(amount: Money, by: number): Money {
  const divisor = BigInt(by);
  const half = divisor / 2n;
  return amount >= 0n ? (amount + half) / divisor : -((-amount + half) / divisor);
}

/** `part / whole` as the double nearest to it, or `null` when the whole is nothing. */
export function ratio(part: Money, whole: Money): number | null {
  if (whole === 0n) return null;
  const negative = part < 0n !== whole < 0n;
  const [p, w] = [part < 0n ? -part : part, whole < 0n ? -whole : whole];
  // Bits enough for a double and more; a last one stands for all that is cut off, so that halves are rounded right.
  const shift = Math.max(0, 66 + w.toString(2).length - p.toString(2).length);
  const scaled = p << BigInt(shift);
  const quotient = (scaled / w) | (scaled % w === 0n ? 0n : 1n);
  const size = Number(quotient) / 2 ** shift;
  return negative && size !== 0 ? -size : size;
}

/**
 * An amount for the eye: `$1,234.57`, `−$0.0300`. Something that would round to nothing is written
 * `<$0.0001`, never `$0`.
 */
export function formatMoney(amount: Money, decimals = 2): string {
  const negative = amount < 0n;
  const size = negative ? -amount : amount;
  const rounded = roundTo(size, decimals);
  const sign = negative ? '−' : '';
  if (rounded === 0n && size !== 0n) {
    const least = decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`;
    return negative ? `>−$${least}` : `<$${least}`;
  }
  const whole = grouped((rounded / UNIT).toString());
  const fraction = (rounded % UNIT).toString().padStart(DECIMALS, '0').slice(0, decimals);
  return `${sign}$${whole}${decimals === 0 ? '' : `.${fraction}`}`;
}
