import type { ColumnKey, ColumnKind } from '../../../shared/columns.ts';
import { formatMoney, toDecimal } from '../../../shared/money.ts';
import { asMoney, asNumber, type CellValue } from '../../../shared/query.ts';
import { formatCsvTime } from '../../../shared/time.ts';
import { type GridColumn, widthFor } from '../../components/data-grid/column.ts';
import { CountText, countTitle, MoneyText, moneyTitle } from '../../components/figures.tsx';
import { countOf, formatCount } from '../../components/format.ts';
import { type FileColumn, sumOf, totalWord } from '../../export/columns.ts';
import { CellText, entryOf, exactText, REQUEST_DECIMALS } from './cell-text.tsx';
import type { UserFigures } from './user-figures.ts';

/** What is shown of each request, in this order, with its width. The rest of it comes from the catalogue. */
const SHOWN = [
  ['created_at', 176],
  ['model_permaslug', 272],
  ['provider_name', 132],
  ['spend', 104],
  ['cost_total', 100],
  ['byok_usage_inference', 100],
  ['tokens_prompt', 92],
  ['tokens_completion', 104],
  ['tokens_reasoning', 96],
  ['tokens_cached', 92],
  ['generation_time_ms', 88],
  ['time_to_first_token_ms', 96],
  ['finish_reason_normalized', 96],
  ['variant', 92],
  ['streamed', 88],
  ['cancelled', 92],
  ['app_name', 150],
  ['api_key_name', 150],
  ['cost_cache', 100],
  ['cost_web_search', 112],
  ['cost_file_processing', 124],
  ['generation_id', 268],
] as const satisfies readonly (readonly [ColumnKey | 'spend', number])[];

export type RequestColumn = (typeof SHOWN)[number][0];
export const REQUEST_COLUMNS: readonly RequestColumn[] = SHOWN.map(([key]) => key);

/** A request: its values in the order of `REQUEST_COLUMNS`. */
export type RequestRow = readonly CellValue[];

const isRight = (kind: ColumnKind): boolean => kind === 'money' || kind === 'count' || kind === 'duration';

/** The columns of a user's requests. */
export function requestsColumns(figures: UserFigures | null): readonly GridColumn<RequestRow>[] {
  return SHOWN.map(([key, size], place): GridColumn<RequestRow> => {
    const { kind, label, about, unit: measured } = entryOf(key);
    const unit = kind === 'money' ? undefined : measured;
    return {
      id: key,
      label,
      about,
      size: widthFor(sumText(figures, key), size),
      ...(unit === undefined ? {} : { unit }),
      align: isRight(kind) ? 'end' : 'start',
      largestFirst: isRight(kind) || kind === 'time',
      mono: kind === 'id' || key === 'model_permaslug',
      cell: (row) => <CellText name={key} value={row[place] ?? null} />,
      title: (row) => exactText(key, row[place] ?? null),
      copy: (row) => plainText(kind, row[place] ?? null),
      file: fileColumn(key, kind, place),
      footer: place === 0 ? <Total figures={figures} /> : <Sum figures={figures} of={key} />,
      footerTitle: sumTitle(figures, key),
    };
  });
}

/** In a file the first column holds the word “Total”; whatever is an amount or a number of tokens is added up. */
function fileColumn(key: RequestColumn, kind: ColumnKind, place: number): FileColumn<RequestRow> {
  const value = (row: RequestRow) => row[place] ?? null;
  const unit = kind === 'money' ? '_usd' : kind === 'time' ? '_utc' : '';
  const total = place === 0 ? totalWord : kind === 'money' || kind === 'count' ? sumOf(value) : undefined;
  return { header: `${key}${unit}`, kind, value, ...(total && { total }) };
}

function plainText(kind: ColumnKind, value: CellValue): string {
  if (value === null) return '';
  if (typeof value === 'bigint') return toDecimal(value);
  if (typeof value === 'number' && kind === 'time') return formatCsvTime(value);
  return String(value);
}

function Total({ figures }: { readonly figures: UserFigures | null }) {
  if (!figures) return null;
  return (
    <>
      Total <span data-muted="">{countOf(asNumber(figures.requests) ?? 0, 'request')}</span>
    </>
  );
}

/** Which of the user's figures stands below which column. */
const SUMS: Partial<Record<RequestColumn, keyof UserFigures>> = {
  spend: 'spend',
  cost_total: 'credits',
  byok_usage_inference: 'byok',
  tokens_prompt: 'prompt',
  tokens_completion: 'completion',
  tokens_reasoning: 'reasoning',
  tokens_cached: 'cached',
};

function Sum({ figures, of }: { readonly figures: UserFigures | null; readonly of: RequestColumn }) {
  const name = SUMS[of];
  if (!figures || !name) return null;
  const value = figures[name];
  if (typeof value.value === 'bigint')
    return <MoneyText amount={asMoney(value)} decimals={REQUEST_DECIMALS} />;
  return <CountText count={asNumber(value)} />;
}

/** The longest number of the column, as text: the sum, or nothing. */
function sumText(figures: UserFigures | null, of: RequestColumn): string {
  const name = SUMS[of];
  const value = name && figures?.[name].value;
  if (typeof value === 'bigint') return formatMoney(value, REQUEST_DECIMALS);
  return typeof value === 'number' ? formatCount(value) : '';
}

function sumTitle(figures: UserFigures | null, of: RequestColumn): string | undefined {
  const name = SUMS[of];
  if (!figures || !name) return undefined;
  const requests = asNumber(figures.requests) ?? 0;
  const value = figures[name];
  return typeof value.value === 'bigint' ? moneyTitle(value, requests) : countTitle(value, requests);
}
