/** The questions answered by plain JavaScript over records, as an app without an engine would. */
import type { DataRecord } from '../data.ts';
import {
  type Answer,
  type Cell,
  GROUPS,
  type Question,
  RANGE,
  ROWS,
  SEARCH,
  SOME_MODELS,
  SUMMED,
  windowStart,
} from '../questions.ts';

const spendOf = (record: DataRecord): number =>
  ((record.cost_total as number | null) ?? 0) + ((record.byok_usage_inference as number | null) ?? 0);

const isInRange = ({ created_at: at }: DataRecord): boolean =>
  (at as number) >= RANGE.from && (at as number) < RANGE.to;

export function answerInJs(question: Question, records: readonly DataRecord[], run: number): Answer {
  switch (question) {
    case 'users':
      return users(records);
    case 'filtered': {
      const [models, search] = [new Set<unknown>(SOME_MODELS), SEARCH.toLowerCase()];
      const wanted = (record: DataRecord) =>
        isInRange(record) &&
        models.has(record.model_permaslug) &&
        typeof record.user === 'string' &&
        record.user.toLowerCase().includes(search);
      return users(records.filter(wanted));
    }
    case 'latency':
      return latency(records);
    case 'days':
      return days(records.filter(isInRange));
    case 'rows':
    case 'window': {
      const start = question === 'rows' ? 0 : windowStart(run, records.length);
      const sorted = [...records].sort((a, b) => spendOf(b) - spendOf(a)).slice(start, start + ROWS);
      const cells = (record: DataRecord): Cell[] =>
        question === 'rows' ? [String(record.generation_id), spendOf(record)] : [spendOf(record)];
      return { count: records.length, spend: 0, rows: sorted.map(cells) };
    }
  }
}

function users(records: readonly DataRecord[]): Answer {
  const groups = new Map<
    Cell,
    {
      sums: (number | null)[];
      requests: number;
      spend: number;
      models: Set<string>;
      first: number;
      last: number;
    }
  >();
  for (const record of records) {
    const user = record.user as Cell;
    const at = record.created_at as number;
    let group = groups.get(user);
    if (!group) {
      group = { sums: SUMMED.map(() => null), requests: 0, spend: 0, models: new Set(), first: at, last: at };
      groups.set(user, group);
    }
    group.requests++;
    group.spend += spendOf(record);
    group.first = Math.min(group.first, at);
    group.last = Math.max(group.last, at);
    group.models.add(record.model_permaslug as string);
    for (let i = 0; i < SUMMED.length; i++) {
      const value = record[SUMMED[i] as (typeof SUMMED)[number]] as number | null;
      if (value !== null) group.sums[i] = (group.sums[i] ?? 0) + value;
    }
  }
  return top(
    Array.from(groups, ([user, { requests, spend, sums, models, first, last }]) => [
      user,
      requests,
      spend,
      ...sums,
      models.size,
      first,
      last,
      [...models].sort().join(' '),
    ]),
    2,
    2,
  );
}

function latency(records: readonly DataRecord[]): Answer {
  const groups = new Map<Cell, number[]>();
  for (const record of records) {
    const user = record.user as Cell;
    const known = groups.get(user) ?? [];
    groups.set(user, known);
    if (record.generation_time_ms !== null) known.push(record.generation_time_ms as number);
  }
  const rank = (sorted: readonly number[], percent: number): number | null =>
    sorted[Math.max(1, Math.ceil((percent * sorted.length) / 100)) - 1] ?? null;
  const rows = Array.from(groups, ([user, values]): Cell[] => {
    values.sort((a, b) => a - b);
    return [user, rank(values, 50), rank(values, 95)];
  });
  return top(rows, 2);
}

function days(records: readonly DataRecord[]): Answer {
  const groups = new Map<string, [user: Cell, day: number, requests: number, spend: number]>();
  for (const record of records) {
    const at = record.created_at as number;
    const day = at - (at % 86_400_000);
    const key = `${day} ${record.user ?? ''}`;
    const group = groups.get(key) ?? [record.user as Cell, day, 0, 0];
    groups.set(key, group);
    group[2]++;
    group[3] += spendOf(record);
  }
  return top([...groups.values()], 3, 3);
}

/** The first groups by a cell. @param spend the cell that holds the spend, to be summed */
function top(rows: Cell[][], by: number, spend?: number): Answer {
  rows.sort((a, b) => Number(b[by]) - Number(a[by]));
  return {
    count: rows.length,
    spend: spend === undefined ? 0 : rows.reduce((sum, row) => sum + Number(row[spend]), 0),
    rows: rows.slice(0, GROUPS),
  };
}
