/** When one figure takes another's place: the rule by which the claims of sources become the one value of a cell. */
import { type ColumnKey, column } from '../../../shared/columns.ts';
import type { CellValue } from '../../../shared/query.ts';

/** What a source says about one cell. */
export interface Claim {
  readonly value: CellValue;
  /** A time that is only the one in the id. */
  readonly isGuess: boolean;
}
export type Claims = Map<ColumnKey, Claim>;

const MICRO_DOLLAR = 10n ** 18n;
const isMicros = (amount: bigint): boolean => amount % MICRO_DOLLAR === 0n;
const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** Whether a number is another one with the digits below a unit left out. */
const isCoarser = (value: number, held: number, unit: number): boolean =>
  value % unit === 0 && held % unit !== 0 && Math.abs(value - held) < unit;

/** Whether what comes takes the place of what is held. */
export function takesOver(key: ColumnKey, comes: Claim, held: Claim | undefined): boolean {
  if (held === undefined) return true;
  const [x, y] = [comes.value, held.value];
  if (x === y) return false;
  if (typeof x === 'bigint' && typeof y === 'bigint') {
    return !(isMicros(x) && !isMicros(y) && size(x - y) < MICRO_DOLLAR);
  }
  if (typeof x === 'number' && typeof y === 'number') {
    if (column(key).kind !== 'time') return !isCoarser(x, y, 1);
    return !comes.isGuess && Math.abs(x - y) > 1 && !isCoarser(x, y, 1000);
  }
  return true;
}

/** Puts what comes over what is held, cell by cell; what is not known takes nothing away. */
export function lay(over: Claims, comes: ReadonlyMap<ColumnKey, Claim>): void {
  for (const [key, claim] of comes) if (takesOver(key, claim, over.get(key))) over.set(key, claim);
}
