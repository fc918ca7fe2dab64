/** What can be measured, by the way it is kept: as numbers, as money, or as flags. */
import {
  type ColumnKey,
  column,
  type FlagKey,
  type MoneyKey,
  type NumberKey,
  SPEND_PARTS,
  type TextKey,
} from '../../../shared/columns.ts';
import type { MoneyMeasure } from '../../../shared/query.ts';

/** Columns that are read as plain numbers; of a flag, true is 1 and false is 0. */
export type PlainKey = NumberKey | FlagKey | 'created_at';

type AnyColumn = ColumnKey | 'spend';

export const isMoney = (key: AnyColumn): key is MoneyMeasure =>
  key === 'spend' || column(key).kind === 'money';
export const isText = (key: AnyColumn): key is TextKey => key !== 'spend' && column(key).kind === 'text';
export const isFlag = (key: AnyColumn): key is FlagKey => key !== 'spend' && column(key).kind === 'flag';

/** The columns that add up to a measure of money. */
export const moneyParts = (measure: MoneyMeasure): readonly MoneyKey[] =>
  measure === 'spend' ? SPEND_PARTS : [measure];

/** The columns that hold a measure. */
export const storedKeysOf = <K extends Exclude<AnyColumn, 'spend'>>(
  key: K | 'spend',
): readonly (K | MoneyKey)[] => (key === 'spend' ? SPEND_PARTS : [key as K]);
