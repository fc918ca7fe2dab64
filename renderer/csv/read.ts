/**
 * Text of a CSV file → records with the lines they start in. PapaParse does the parsing; what is added here is
 * what a careful reader of other people's files needs: text cut anywhere is put together again, line ends may be
 * mixed, and a quote that is never closed costs its own line, not the rest of the file. Nor do two stray quotes make
 * one record of whole lines, though it may have the right number of cells.
 *
 * A piece whose quotes make sense is parsed in one go; only others are looked at row by row.
 */
import Papa from 'papaparse';
import type { Delimiter } from './dialect.ts';

export interface CsvRecord {
  readonly cells: readonly string[];
  /** The line of the file it starts in; the first is 1. */
  readonly line: number;
  /** Its quotes make no sense, so its cells cannot be trusted. */
  readonly broken: boolean;
  /** It is broken by a stray quote that with another one, in this line, would make one record of whole lines. */
  readonly joins?: number;
}

/** Where a reader stands between two pieces: another one can go on from here. */
export interface ReaderState {
  /** Text of the record that was cut. */
  readonly rest: string;
  readonly line: number;
  /** Cells that a record should have: the header's; 0 until it was read. */
  readonly width: number;
  /** The lines of the two stray quotes that were found last; absent where none were. */
  readonly stray?: readonly [first: number, last: number];
}

const START: ReaderState = { rest: '', line: 1, width: 0 };

/** A record of more characters than this is taken for a quote that was never closed. */
const MOST_RECORD = 200_000;
/** How far to read at first behind a line that was given up: most likely the next one is fine. */
const LOOK_AHEAD = 4096;

interface Parsed {
  readonly rows: readonly string[][];
  /** Where each row ends in the text. */
  readonly ends: readonly number[];
  readonly broken: ReadonlySet<number>;
  /** Where the last complete row ends. */
  readonly end: number;
}

/** Characters parsed at a time: what a bite leaves behind fits into the part of memory that is cleared cheaply. */
const BITE = 1 << 16;

/** A piece of text in bites, from a place on; at least one, which may be empty. */
export function* bitesOf(
  text: string,
  from: number,
  last: boolean,
): Generator<{ bite: string; at: number; last: boolean }> {
  let at = from;
  do {
    const end = at + BITE;
    yield { bite: text.slice(at, end), at, last: last && end >= text.length };
    at = end;
  } while (at < text.length);
}

/** Reads records from text that comes in pieces. */
export class CsvReader {
  readonly #delimiter: Delimiter;
  readonly #rowStart: RegExp;
  #rest: string;
  #line: number;
  #width: number;
  /** The lines of the two stray quotes that were found last. */
  #stray: readonly [first: number, last: number];

  constructor(delimiter: Delimiter, { rest, line, width, stray = [0, 0] } = START) {
    this.#delimiter = delimiter;
    // No delimiter means anything inside the brackets.
    this.#rowStart = new RegExp(`(?:^|[\\n${delimiter}])(?:gen-\\d{9,11}-|\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:)`);
    this.#rest = rest;
    this.#line = line;
    this.#width = width;
    this.#stray = stray;
  }

  get state(): ReaderState {
    return { rest: this.#rest, line: this.#line, width: this.#width, stray: this.#stray };
  }

  /** The records that are complete with this piece; with the last one, all that are left. Blank lines are passed over. */
  read(piece: string, last: boolean): CsvRecord[] {
    const text = this.#rest === '' ? piece : this.#rest + piece;
    // The second of two stray quotes is still to come: it may look clean by itself.
    const isWary = this.#stray[1] >= this.#line;
    return (isWary ? null : this.#readClean(text, last)) ?? this.#readCarefully(text, last);
  }

  /** All at once; null where something is odd enough to look at each row. */
  #readClean(written: string, last: boolean): CsvRecord[] | null {
    const text = feedLines(written, last);
    const quoted = text.includes('"');
    const newline = newlineOf(text);
    if (newline === null && quoted) return null;
    if (last && quoted && text.endsWith('\r')) return null;
    const parser = parserFor(this.#delimiter, newline ?? '\n');
    const { data, errors, meta } = parser.parse(text, 0, !last) as Papa.ParseResult<string[]>;
    if (errors.length > 0) return null;
    const end = last ? text.length : meta.cursor;
    if (text.length - end > MOST_RECORD) return null;

    // Behind the last line end Papa sees one more row.
    const endsInLine = last && text.endsWith('\n');
    if (endsInLine && isBlank(data.at(-1) ?? [])) data.pop();
    const lines = countLines(text, end) + (last && !endsInLine ? 1 : 0);
    const single = !quoted || data.length === lines;
    const width = this.#width || (data.find((cells) => !isBlank(cells))?.length ?? 0);
    if (!single && data.some((cells) => cells.length !== width && !isBlank(cells))) return null;

    const records: CsvRecord[] = [];
    let line = this.#line;
    for (const cells of data) {
      const spanned = single ? 1 : linesIn(cells);
      if (spanned > 1 && this.#holdsLines(cells, width)) return null;
      const edge = cells.length - 1;
      if (!quoted && (newline === null || last) && cells[edge]?.endsWith('\r'))
        cells[edge] = (cells[edge] as string).slice(0, -1);
      if (!isBlank(cells)) records.push({ cells, line, broken: false });
      line += spanned;
    }
    this.#width = width;
    this.#line = line;
    this.#rest = last ? '' : text.slice(end);
    return records;
  }

  #readCarefully(text: string, last: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let at = 0;
    let window = text.length;
    for (;;) {
      const until = Math.min(text.length, at + window);
      const toTheEnd = until === text.length;
      const part = feedLines(at === 0 && toTheEnd ? text : text.slice(at, until), last && toTheEnd);
      const parsed = this.#parse(part, last && toTheEnd);
      const taken = this.#take(part, parsed, records);
      if (taken < parsed.end) {
        at = this.#skipLine(text, at + taken, records);
        window = LOOK_AHEAD;
      } else if (parsed.end === 0 && part.length > MOST_RECORD) {
        at = this.#skipLine(text, at, records);
        window = LOOK_AHEAD;
      } else if (toTheEnd) {
        this.#rest = last ? '' : text.slice(at + parsed.end);
        return records;
      } else {
        at += parsed.end;
        window *= 2;
      }
    }
  }

  #parse(text: string, last: boolean): Parsed {
    const rows: string[][] = [];
    const ends: number[] = [];
    const broken = new Set<number>();
    const parser = new Papa.Parser({
      delimiter: this.#delimiter,
      newline: '\n',
      step: ({ data, errors, meta }: Papa.ParseStepResult<string[][]>) => {
        if (errors.length > 0) broken.add(rows.length);
        for (const row of data) rows.push(row);
        ends.push(meta.cursor);
      },
    });
    const { meta } = parser.parse(text, 0, !last) as Papa.ParseResult<string[]>;
    // At the end of the text the last row has no line end to set the cursor behind.
    if (last && ends.length > 0) ends[ends.length - 1] = text.length;
    return { rows, ends, broken, end: last ? text.length : meta.cursor };
  }

  /** Takes rows as records, up to one that cannot be right. Returns how far the text was taken. */
  #take(text: string, { rows, ends, broken, end }: Parsed, records: CsvRecord[]): number {
    let start = 0;
    for (const [i, cells] of rows.entries()) {
      const rowEnd = ends[i] as number;
      const lines = linesIn(cells);
      // A record of several lines that does not fit: most likely its quote was never meant to be one.
      const misfits = broken.has(i) || (this.#width > 0 && cells.length !== this.#width);
      if (lines > 1 && misfits) return start;
      if (lines > 1 && this.#holdsLines(cells, this.#width)) {
        this.#stray = [this.#line, this.#line + lines - 1];
        return start;
      }
      const edge = cells.length - 1;
      // The carriage return of a line end, not one that is quoted.
      if (cells[edge]?.endsWith('\r') && endsInReturn(text, rowEnd)) cells[edge] = cells[edge].slice(0, -1);
      this.#push(cells, broken.has(i), records);
      this.#line += lines;
      start = rowEnd;
    }
    return end;
  }

  #push(cells: readonly string[], broken: boolean, records: CsvRecord[]): void {
    if (isBlank(cells)) return;
    this.#width ||= cells.length;
    const [first, last] = this.#stray;
    if (this.#line === last) records.push({ cells, line: last, broken: true, joins: first });
    else records.push({ cells, line: this.#line, broken });
  }

  /**
   * Whether a cell of several lines holds the end of one row and the beginning of another: an id or a time where a
   * cell would begin, and as many delimiters as whole rows have.
   */
  #holdsLines(cells: readonly string[], width: number): boolean {
    return cells.some((cell) => {
      const breaks = occurrences(cell, '\n');
      if (breaks === 0 || occurrences(cell, this.#delimiter) !== breaks * (width - 1)) return false;
      return this.#rowStart.test(cell);
    });
  }

  /** Gives up on the line that begins at a place, as a broken record. Returns where the next one begins. */
  #skipLine(text: string, at: number, records: CsvRecord[]): number {
    LINE_END.lastIndex = at;
    const found = LINE_END.exec(text);
    const [first, last] = this.#stray;
    const joins = this.#line === first ? { joins: last } : this.#line === last ? { joins: first } : {};
    records.push({ cells: [text.slice(at, found?.index)], line: this.#line, broken: true, ...joins });
    this.#line++;
    return found ? found.index + found[0].length : text.length;
  }
}

const parsers = new Map<string, Papa.Parser>();

/** Papa's parsers hold nothing between two texts, but the engine compiles the code of each new one again. */
function parserFor(delimiter: Delimiter, newline: '\n' | '\r\n'): Papa.Parser {
  const key = delimiter + newline;
  let parser = parsers.get(key);
  if (!parser) {
    parser = new Papa.Parser({ delimiter, newline });
    parsers.set(key, parser);
  }
  return parser;
}

const LINE_END = /\r\n|\n|\r/g;

/** Behind a stray quote a return that ends a line of its own is not told from a quoted one. */
const isBlank = (cells: readonly string[]): boolean => cells.length === 1 && /^\r*$/.test(cells[0] as string);

const LONE_RETURN = /\r(?!\n)/;
const LONE_RETURNS = /"[^"]*"|\r(?!\n)/g;

/**
 * Line ends of a carriage return alone become line feeds, at the same places; quoted ones stay. One at the very
 * end of a piece may be half of a CR LF, and waits for the next.
 */
function feedLines(text: string, last: boolean): string {
  if (!text.includes('\r')) return text;
  const waits = !last && text.endsWith('\r');
  const settled = waits ? text.slice(0, -1) : text;
  if (!LONE_RETURN.test(settled)) return text;
  const fed = settled.replace(LONE_RETURNS, (found) => (found === '\r' ? '\n' : found));
  return waits ? `${fed}\r` : fed;
}

/** How the lines of a text end; null where some end in one way and some in another. */
function newlineOf(text: string): '\n' | '\r\n' | null {
  if (!text.includes('\r')) return '\n';
  let [returns, feeds] = [0, 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (text.charCodeAt(at - 1) === 13) returns++;
    else feeds++;
  }
  if (returns === 0) return '\n';
  return feeds === 0 ? '\r\n' : null;
}

/** Line feeds of a text before a place. */
export function countLines(text: string, end: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++;
  return count;
}

/** Whether the line that ends before a place ends in CR, or CR LF. */
function endsInReturn(text: string, end: number): boolean {
  const last = text[end - 1] === '\n' ? end - 2 : end - 1;
  return text[last] === '\r';
}

/** How many lines of the file a record spans. */
function linesIn(cells: readonly string[]): number {
  let count = 1;
  for (const cell of cells) count += occurrences(cell, '\n');
  return count;
}

function occurrences(text: string, one: string): number {
  let count = 0;
  for (let at = text.indexOf(one); at >= 0; at = text.indexOf(one, at + 1)) count++;
  return count;
}
