/**
 * Text of a CSV file → records with the lines they start in. PapaParse does the parsing; what is added here is
 * what a careful reader of other people's files needs: text cut anywhere is put together again, line ends may be
 * mixed, and a quote that is never closed costs its own line, not the rest of the file.
 */
import Papa from 'papaparse';

export interface CsvRecord {
  readonly cells: readonly string[];
  /** The line of the file it starts in; the first is 1. */
  readonly line: number;
  /** Its quotes make no sense, so its cells cannot be trusted. */
  readonly broken: boolean;
}

/** A record of more characters than this is taken for a quote that was never closed. */
const MOST_RECORD = 200_000;
/** How far to read at first behind a line that was given up: most likely the next one is fine. */
const LOOK_AHEAD = 4096;

export interface Dialect {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
}

/** Guesses how a file is written from its beginning. */
export function guessDialect(start: string): Dialect {
  const delimitersToGuess = [',', ';', '\t', '|'];
  const { delimiter } = Papa.parse(start, { preview: 20, skipEmptyLines: true, delimitersToGuess }).meta;
  const unquoted = start.replaceAll(/"[^"]*"/g, '');
  const newline = !unquoted.includes('\n') && unquoted.includes('\r') ? '\r' : '\n';
  return { delimiter: delimiter || ',', newline };
}

interface Parsed {
  readonly rows: readonly string[][];
  /** Where each row ends in the text. */
  readonly ends: readonly number[];
  readonly broken: ReadonlySet<number>;
  /** Where the last complete row ends. */
  readonly end: number;
}

/** Reads records from text that comes in pieces. */
export class CsvReader {
  readonly #dialect: Dialect;
  #rest = '';
  #line = 1;
  /** Cells that a record should have: the header's, once it was read. */
  #width = 0;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
  }

  /** The records that are complete with this piece; with the last one, all that are left. Blank lines are passed over. */
  read(piece: string, last: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    const text = this.#rest + piece;
    let at = 0;
    let window = text.length;
    for (;;) {
      const until = Math.min(text.length, at + window);
      const toTheEnd = until === text.length;
      const part = at === 0 && toTheEnd ? text : text.slice(at, until);
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
      ...this.#dialect,
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
    const { newline } = this.#dialect;
    let start = 0;
    for (const [i, cells] of rows.entries()) {
      const rowEnd = ends[i] as number;
      const lines = linesIn(cells, newline);
      // A record of several lines that does not fit: most likely its quote was never meant to be one.
      const misfits = broken.has(i) || (this.#width > 0 && cells.length !== this.#width);
      if (lines > 1 && misfits) return start;
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
    if (cells.length === 1 && cells[0] === '') return;
    this.#width ||= cells.length;
    records.push({ cells, line: this.#line, broken });
  }

  /** Gives up on the line that begins at a place, as a broken record. Returns where the next one begins. */
  #skipLine(text: string, at: number, records: CsvRecord[]): number {
    const end = text.indexOf(this.#dialect.newline, at);
    records.push({ cells: [text.slice(at, end < 0 ? undefined : end)], line: this.#line, broken: true });
    this.#line++;
    return end < 0 ? text.length : end + 1;
  }
}

/** Whether the line that ends before a place ends in CR, or CR LF. */
function endsInReturn(text: string, end: number): boolean {
  const last = text[end - 1] === '\n' ? end - 2 : end - 1;
  return text[last] === '\r';
}

/** How many lines of the file a record spans. */
function linesIn(cells: readonly string[], newline: string): number {
  let count = 1;
  for (const cell of cells) {
    for (let at = cell.indexOf(newline); at >= 0; at = cell.indexOf(newline, at + 1)) count++;
  }
  return count;
}
