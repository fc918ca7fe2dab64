/** Chance from a seed: the same numbers on every machine. */

export interface Random {
  /** Starts the stream that belongs to the pair (a, b). */
  reseed(a: number, b: number): void;
  /** 32 random bits, unsigned. */
  bits(): number;
  /** 0 ≤ x < 1 */
  unit(): number;
  /** A whole number, 0 ≤ x < n. */
  below(n: number): number;
}

/** sfc32: small, fast, and its 96 seed bits keep every row's stream apart, as 32 bits would not. */
export function createRandom(): Random {
  let a = 0;
  let b = 0;
  let c = 0;
  let counter = 1;
  const bits = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  return {
    reseed(first, second) {
      a = first | 0;
      b = second | 0;
      c = Math.floor(first / 0x1_0000_0000) ^ 0x9e37_79b9;
      counter = 1;
      for (let round = 0; round < 12; round++) bits();
    },
    bits,
    unit: () => bits() / 0x1_0000_0000,
    below: (n) => Math.floor((bits() / 0x1_0000_0000) * n),
  };
}

export function randomOf(a: number, b: number): Random {
  const random = createRandom();
  random.reseed(a, b);
  return random;
}

/** FNV-1a, to seed from a name. */
export function textHash(text: string): number {
  let hash = 0x811c_9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193);
  return hash >>> 0;
}

const ALPHANUMERIC = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` letters and digits; five of them from each draw (62⁵ < 2³²). */
export function alphanumeric(random: Random, length: number): string {
  let text = '';
  for (let bits = 0; text.length < length; bits = Math.floor(bits / 62)) {
    if (text.length % 5 === 0) bits = random.bits();
    text += ALPHANUMERIC[bits % 62];
  }
  return text;
}

export function hex(random: Random, length: number): string {
  let text = '';
  while (text.length < length) text += random.bits().toString(16).padStart(8, '0');
  return text.slice(0, length);
}

export function uuid(random: Random): string {
  const h = hex(random, 32);
  const variant = '89ab'[Number.parseInt(h.charAt(16), 16) % 4];
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`;
}

/** Running totals of the weights, to draw from with `pick`. */
export function cumulative(weights: Iterable<number>): Float64Array {
  let total = 0;
  return Float64Array.from(weights, (weight) => {
    total += weight;
    return total;
  });
}

/** The first index whose running total lies above `at`. */
export function pick(totals: Float64Array, at: number): number {
  let low = 0;
  let high = totals.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (totals[middle]! > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A whole number below n, the small ones more often. */
export function leaning(random: Random, n: number): number {
  const x = random.unit();
  return Math.floor(x * x * n);
}

export const lastOf = (totals: Float64Array): number => totals[totals.length - 1] ?? 0;
