/** The values of a request, for the eye and exactly. */
import { type Column, type ColumnKey, column } from '../../../shared/columns.ts';
import { formatExact } from '../../../shared/money.ts';
import type { CellValue } from '../../../shared/query.ts';
import { formatCsvTime, formatTime } from '../../../shared/time.ts';
import { CountText, MoneyText, NOT_KNOWN, Unknown } from '../../components/figures.tsx';
import { cellText, formatDuration, titleText } from '../../components/format.ts';

/** Decimals of a single request's money: the same for all, since they are added up side by side. */
export const REQUEST_DECIMALS = 6;

const SPEND: Column = { key: 'spend', kind: 'money', label: 'Spend', about: 'Credits + BYOK.', csv: false };

/** The catalogue's entry, also of what is computed. */
export const entryOf = (key: ColumnKey | 'spend'): Column => (key === 'spend' ? SPEND : column(key));

/** Why a value may be unknown, where that can be said of all requests alike. */
function unknownWhy(key: ColumnKey | 'spend'): string {
  if (key === 'spend' || key === 'generation_id') return NOT_KNOWN;
  const { csv, api } = column(key);
  if (!api)
    return `${NOT_KNOWN}: neither the list of generations nor a look-up has it, but the activity CSV does`;
  return csv
    ? `${NOT_KNOWN}: the source of this request does not have it; opening the request asks OpenRouter`
    : `${NOT_KNOWN}: only OpenRouter’s API has it; opening the request asks for it`;
}

export function CellText({ name, value }: { readonly name: ColumnKey | 'spend'; readonly value: CellValue }) {
  const { kind } = entryOf(name);
  if (value === null || value === '') return <Unknown why={unknownWhy(name)} />;
  switch (typeof value) {
    case 'bigint':
      return <MoneyText amount={value} decimals={REQUEST_DECIMALS} />;
    case 'number':
      if (kind === 'time') return formatTime(value);
      return kind === 'duration' ? formatDuration(value) : <CountText count={value} />;
    case 'boolean':
      return value ? 'yes' : 'no';
    default:
      return <bdi>{cellText(value)}</bdi>;
  }
}

export function exactText(name: ColumnKey | 'spend', value: CellValue): string {
  if (value === null || value === '') return unknownWhy(name);
  switch (typeof value) {
    case 'bigint':
      return formatExact(value);
    case 'number':
      return entryOf(name).kind === 'time' ? `${formatCsvTime(value)} UTC` : String(value);
    case 'boolean':
      return value ? 'yes' : 'no';
    default:
      return titleText(value);
  }
}
