const DECIMALS = 40;
const PICO = 1e12;

/** The decimal that the number's shortest text says, in units of 10^-40. */
function decimalOf(value: number): bigint {
  const [mantissa = '', exponent = '0'] = String(value).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const decimals = fraction.length - Number(exponent);
  if (decimals > DECIMALS) throw new RangeError(`${value} has more than ${DECIMALS} decimals`);
  return BigInt(whole + fraction) * 10n ** BigInt(DECIMALS - decimals);
}

/**
 * Adds amounts of money as the decimals that JSON shows, without rounding; only `value` rounds, once.
 * Most costs are whole pico-dollars and take the fast way; those with float noise are read digit by digit.
 */
export class ExactSum {
  #pico = 0;
  #total = 0n;

  /** @param amount in USD, finite */
  add(amount: number): void {
    const pico = Math.round(amount * PICO);
    if (Math.abs(pico) < 1e15 && pico / PICO === amount) {
      this.#pico += pico;
      if (Math.abs(this.#pico) > 2 ** 52) this.#carry();
    } else {
      this.#total += decimalOf(amount);
    }
  }

  /** Adds another sum to this one. */
  addSum(other: ExactSum): void {
    other.#carry();
    this.#total += other.#total;
  }

  /** The sum in USD, as the float nearest to it. */
  get value(): number {
    this.#carry();
    const negative = this.#total < 0n;
    const digits = String(negative ? -this.#total : this.#total).padStart(DECIMALS + 1, '0');
    const text = `${digits.slice(0, -DECIMALS)}.${digits.slice(-DECIMALS)}`;
    return Number(negative ? `-${text}` : text);
  }

  #carry(): void {
    this.#total += BigInt(this.#pico) * 10n ** BigInt(DECIMALS - 12);
    this.#pico = 0;
  }
}
