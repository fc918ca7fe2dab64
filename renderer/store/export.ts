/**
 * Generations as a file: OpenRouter's newest row-level activity CSV (its header, order, time format, and LF), or
 * JSON lines with everything that is known.
 *
 * A million rows have to leave in seconds, so nothing is boxed: for each segment and column there is one function
 * from a row to the text of its cell, words of dictionaries are escaped once, and what is handed out is bytes.
 */
import { COLUMN_KEYS, type ColumnKey, CSV_KEYS, column, type TextKey } from '../../shared/columns.ts';
import { fromLanes, toDecimal } from '../../shared/money.ts';
import { DAY_MS } from '../../shared/time.ts';
import { type CellMode, CellWriter } from '../export/cells.ts';
import { type Address, rowOf, segmentOf } from './id-index.ts';
import type { Snapshot } from './query/snapshot.ts';
import { type Segment, vectorOf } from './segment.ts';
import {
  type IdVector,
  idAt,
  type MoneyVector,
  type NumberVector,
  nanosAt,
  numberAt,
  UNKNOWN_FLAG,
} from './vector.ts';

export type GenerationsFormat =
  | { readonly format: 'csv'; readonly cells: CellMode }
  /** One object a line: money as decimal text, times in ISO 8601 (UTC); what is unknown is left out. */
  | { readonly format: 'ndjson' };

/** The rows of a file in their order: all that the writer needs of a row query. */
export interface RowOrder {
  readonly segments: readonly Segment[];
  readonly addresses: Uint32Array;
}

/** A piece of the file is handed on when it has about so many bytes: the page passes it on without being felt. */
const PIECE_BYTES = 1 << 19;
/** Segments whose columns are held at a time: rows in the order of time lie in few. */
const MOST_READ = 48;

export interface Piece {
  /** UTF-8. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Rows written when this piece is. */
  readonly rows: number;
}

export interface WrittenGenerations {
  readonly rows: number;
  /** Whether a text was given an apostrophe, so that no spreadsheet runs it. */
  readonly touched: boolean;
}

/**
 * Writes rows in pieces; the next one is made while the last is on its way. A segment is read when the first of its
 * rows is written.
 * @param write takes a piece; what it throws ends the writing
 */
export async function writeGenerations(
  { segments, addresses }: RowOrder,
  { dictionary, load }: Pick<Snapshot, 'dictionary' | 'load'>,
  format: GenerationsFormat,
  write: (piece: Piece) => Promise<void>,
): Promise<WrittenGenerations> {
  const style = format.format === 'csv' ? csvStyle(format.cells) : jsonStyle();
  const cellsFor = cellReaders(dictionary, style);
  const read = new Map<number, readonly Cell[]>();
  const encoder = new TextEncoder();
  let [text, onItsWay] = [style.head, Promise.resolve()];
  const send = async (rows: number) => {
    const bytes = encoder.encode(text);
    text = '';
    await onItsWay;
    onItsWay = write({ bytes, rows });
    // Handled where it is awaited; this keeps an early failure from counting as unhandled.
    onItsWay.catch(() => undefined);
  };
  let [position, cells]: [number, readonly Cell[]] = [-1, []];
  for (let i = 0; i < addresses.length; i++) {
    const address = addresses[i] as Address;
    const next = segmentOf(address);
    if (next !== position) {
      position = next;
      const segment = segments[position] as Segment;
      const known = read.get(position);
      if (!known) await load([segment], style.keys);
      cells = known ?? cellsFor(segment);
      if (read.size >= MOST_READ) read.delete(read.keys().next().value as number);
      read.set(position, cells);
    }
    text += style.row(cells, rowOf(address));
    if (text.length >= PIECE_BYTES) await send(i + 1);
  }
  if (text !== '') await send(addresses.length);
  await onItsWay;
  return { rows: addresses.length, touched: style.touched() };
}

/** How a format writes a row, and the cells of each kind. A cell that is unknown is the empty text. */
interface Style {
  readonly head: string;
  readonly keys: readonly ColumnKey[];
  readonly row: (cells: readonly Cell[], row: number) => string;
  readonly touched: () => boolean;
  /** Texts and ids. */
  readonly text: (key: ColumnKey, text: string) => string;
  /** A number's digits, true or false. */
  readonly bare: (key: ColumnKey, text: string) => string;
  readonly money: (key: ColumnKey, decimal: string) => string;
  readonly time: (key: ColumnKey, day: string, clock: string) => string;
}

function csvStyle(mode: CellMode): Style {
  const cells = new CellWriter(mode);
  const asIs = (_key: ColumnKey, text: string) => text;
  return {
    head: `${CSV_KEYS.join(',')}\n`,
    keys: CSV_KEYS,
    row: (columns, row) => {
      let line = (columns[0] as Cell)(row);
      for (let i = 1; i < columns.length; i++) line += `,${(columns[i] as Cell)(row)}`;
      return `${line}\n`;
    },
    touched: () => cells.touched,
    text: (_key, text) => cells.text(text),
    bare: asIs,
    money: asIs,
    time: (_key, day, clock) => `${day} ${clock}`,
  };
}

function jsonStyle(): Style {
  const bare = (key: ColumnKey, json: string) => `,"${key}":${json}`;
  return {
    head: '',
    keys: COLUMN_KEYS,
    row: (columns, row) => {
      let line = '';
      for (let i = 0; i < columns.length; i++) line += (columns[i] as Cell)(row);
      return `{${line.slice(1)}}\n`;
    },
    touched: () => false,
    text: (key, text) => bare(key, JSON.stringify(text)),
    bare,
    money: (key, decimal) => bare(key, `"${decimal}"`),
    time: (key, day, clock) => bare(key, `"${day}T${clock}Z"`),
  };
}

/** The text of a row's cell in one column of one segment. */
type Cell = (row: number) => string;

/** How the cells of a segment are read, column by column. */
function cellReaders(
  dictionary: Snapshot['dictionary'],
  style: Style,
): (segment: Segment) => readonly Cell[] {
  const words = new Map<TextKey, string[]>();
  return (segment) => style.keys.map((key) => cellReader(segment, key));

  function cellReader(segment: Segment, key: ColumnKey): Cell {
    const vector = vectorOf(segment, key);
    switch (vector?.kind) {
      case undefined:
        return () => '';
      case 'id':
        return idReader(vector, (id) => style.text(key, id));
      case 'text': {
        const { codes } = vector;
        const known = wordsOf(key as TextKey);
        return (row) => known(codes[row] as number);
      }
      case 'flag': {
        const texts = [style.bare(key, 'false'), style.bare(key, 'true')];
        texts[UNKNOWN_FLAG] = '';
        const { values } = vector;
        return (row) => texts[values[row] as number] as string;
      }
      case 'money':
        return moneyReader(vector, (decimal) => style.money(key, decimal));
      case 'number': {
        if (column(key).kind === 'time')
          return timeReader(vector, (day, clock) => style.time(key, day, clock));
        return (row) => {
          const value = numberAt(vector, row);
          return Number.isNaN(value) ? '' : style.bare(key, String(value));
        };
      }
    }
  }

  /** The cells of a dictionary's words by their codes, each made once, whichever segment asks. */
  function wordsOf(key: TextKey): (code: number) => string {
    const cells = words.get(key) ?? [''];
    words.set(key, cells);
    const all = dictionary(key);
    return (code) => {
      cells[code] ??= style.text(key, all.word(code) ?? '');
      return cells[code];
    };
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Ids are nearly always ASCII: then all of a segment are decoded at once and cut apart. */
function idReader(ids: IdVector, text: (id: string) => string): Cell {
  const { bytes, offsets } = ids;
  const all = decoder.decode(bytes);
  if (all.length !== bytes.length) return (row) => text(idAt(ids, row));
  return (row) => text(all.slice(offsets[row], offsets[row + 1]));
}

const TWO = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));
const THREE = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

function timeReader(times: NumberVector, text: (day: string, clock: string) => string): Cell {
  let [day, dayText] = [Number.NaN, ''];
  return (row) => {
    const time = numberAt(times, row);
    if (Number.isNaN(time)) return '';
    const its = Math.floor(time / DAY_MS);
    if (its !== day) [day, dayText] = [its, new Date(its * DAY_MS).toISOString().slice(0, -14)];
    const ms = time - its * DAY_MS;
    const seconds = Math.floor(ms / 1000);
    const minutes = Math.floor(seconds / 60);
    const [h, m, s] = [TWO[Math.floor(minutes / 60)], TWO[minutes % 60], TWO[seconds % 60]];
    return text(dayText, `${h}:${m}:${s}.${THREE[ms % 1000]}`);
  };
}

/** Amounts of whole nano-dollars are written without `bigint`. */
function moneyReader(vector: MoneyVector, text: (decimal: string) => string): Cell {
  const { rest } = vector;
  return (row) => {
    const amount = nanosAt(vector, row);
    if (Number.isNaN(amount)) return '';
    const beyond = rest === null ? 0 : (rest[row] as number);
    const isShort = beyond === 0 && Number.isSafeInteger(amount);
    return text(isShort ? nanosText(amount) : toDecimal(fromLanes(amount, beyond)));
  };
}

/** `toDecimal` of whole nano-dollars: `0.000120`, `-1.500000001`. */
export function nanosText(nanos: number): string {
  const size = Math.abs(nanos);
  const whole = Math.floor(size / 1e9);
  const fraction = size - whole * 1e9;
  const micros = Math.floor(fraction / 1000);
  const last = fraction - micros * 1000;
  const six = `${THREE[Math.floor(micros / 1000)]}${THREE[micros % 1000]}`;
  const more = last === 0 ? '' : (THREE[last] as string).replace(/0+$/, '');
  return `${nanos < 0 ? '-' : ''}${whole}.${six}${more}`;
}
