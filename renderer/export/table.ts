/** A table as a file: CSV, TSV for the clipboard, or JSON; with totals that tie. */
import { AppFailure } from '../../shared/errors.ts';
import { type CellMode, CellWriter } from './cells.ts';
import { type FileColumn, fileText, isText, jsonValue } from './columns.ts';
import type { Sink } from './sink.ts';

/** A table as it stands on screen: its columns in their order, and its rows under the filters, as sorted. */
export interface TableSource<Row> {
  readonly columns: readonly FileColumn<Row>[];
  /** A window of the rows, how many there are in all, and the version of the data they are of. */
  readonly read: (offset: number, limit: number) => Promise<TableWindow<Row>>;
}
export interface TableWindow<Row> {
  readonly rows: readonly Row[];
  readonly count: number;
  readonly version: number;
}

export interface TableOptions {
  readonly format: 'csv' | 'tsv' | 'json';
  readonly cells: CellMode;
  readonly totals: boolean;
  /** What a JSON file says of itself, before its rows. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly onProgress?: (rows: number, of: number) => void;
}

export interface WrittenTable {
  readonly rows: number;
  /** Whether a text was given an apostrophe, so that no spreadsheet runs it. */
  readonly touched: boolean;
}

/** Rows asked for at once: few enough that the page can draw in between. */
const WINDOW = 2_000;
/** How often to begin anew when the data change in the middle: while a sync or an import runs. */
const TRIES = 5;

/**
 * Writes a table. All of it is of one version of the data: when they change in the middle, it begins anew, for half
 * of one version and half of another would add up to neither.
 * @throws AppFailure when the data never stop changing
 */
export async function writeTable<Row>(
  table: TableSource<Row>,
  options: TableOptions,
  sink: Sink,
): Promise<WrittenTable> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sink.rewind();
    const written = await tryTable(table, options, sink);
    if (written) return written;
  }
  throw new AppFailure({
    code: 'internal',
    title: 'The data kept changing while the table was exported.',
    meaning: 'No file was written; your stored data are fine.',
    action: 'Wait until the sync or the import is done, then export again.',
  });
}

async function tryTable<Row>(
  { columns, read }: TableSource<Row>,
  options: TableOptions,
  sink: Sink,
): Promise<WrittenTable | undefined> {
  const style = options.format === 'json' ? jsonStyle(columns, options) : lineStyle(columns, options);
  const totals = options.totals ? columns.map(({ total }) => total?.()) : [];
  let version: number | undefined;
  let rows = 0;
  await sink.write(style.head);
  for (;;) {
    const window = await read(rows, WINDOW);
    version ??= window.version;
    if (window.version !== version) return undefined;
    let text = '';
    for (const row of window.rows) {
      text += style.row(
        columns.map(({ value }) => value(row)),
        rows++,
      );
      for (const total of totals) total?.add(row);
    }
    await sink.write(text);
    options.onProgress?.(rows, window.count);
    if (rows >= window.count || window.rows.length === 0) break;
  }
  await sink.write(style.foot(options.totals ? totals.map((total) => total?.value() ?? null) : null));
  return { rows, touched: style.touched() };
}

type Values = readonly ReturnType<FileColumn<never>['value']>[];

interface Style {
  readonly head: string;
  readonly row: (values: Values, index: number) => string;
  readonly foot: (totals: Values | null) => string;
  readonly touched: () => boolean;
}

function lineStyle<Row>(columns: readonly FileColumn<Row>[], { format, cells }: TableOptions): Style {
  const separator = format === 'tsv' ? '\t' : ',';
  const writer = new CellWriter(cells, separator);
  const line = (texts: readonly string[]) => `${texts.join(separator)}\n`;
  const row = (values: Values) =>
    line(
      columns.map(({ kind }, i) => {
        const text = fileText(kind, values[i] ?? null);
        return isText(kind) ? writer.text(text) : text;
      }),
    );
  return {
    head: line(columns.map(({ header }) => writer.text(header))),
    row,
    foot: (totals) => (totals ? row(totals) : ''),
    touched: () => writer.touched,
  };
}

function jsonStyle<Row>(columns: readonly FileColumn<Row>[], { about }: TableOptions): Style {
  const fields = Object.entries(about).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  const object = (values: Values) =>
    JSON.stringify(
      Object.fromEntries(columns.map(({ header, kind }, i) => [header, jsonValue(kind, values[i] ?? null)])),
    );
  return {
    head: `{\n${fields.map((field) => `  ${field},\n`).join('')}  "rows": [`,
    row: (values, index) => `${index === 0 ? '' : ','}\n    ${object(values)}`,
    foot: (totals) => `\n  ]${totals ? `,\n  "totals": ${object(totals)}` : ''}\n}\n`,
    touched: () => false,
  };
}
