/**
 * Text of a CSV file → records with the lines they start in. PapaParse does the parsing; what is added here is
 * what a careful reader of other people's files needs: text cut anywhere (also inside a character) is put
 * together again, and a quote that is never closed costs its own line, not the rest of the file.
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
const MOST_RECORD = 1_000_000;

export interface Dialect {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
  /** Lines end in CR LF: the CR is no part of the last cell. */
  readonly stripCarriageReturn: boolean;
}

/** Guesses how a file is written from its beginning. */
export function guessDialect(start: string): Dialect {
  const { delimiter } = Papa.parse(start, {
    preview: 20,
    skipEmptyLines: true,
    delimitersToGuess: [',', ';', '\t', '|'],
  }).meta;
  const lineFeed = start.indexOf('\n');
  const newline = lineFeed < 0 && start.includes('\r') ? '\r' : '\n';
  return { delimiter: delimiter || ',', newline, stripCarriageReturn: start[lineFeed - 1] === '\r' };
}

/** Reads records from text that comes in pieces. */
export class CsvReader {
  readonly #parser: Papa.Parser;
  readonly #dialect: Dialect;
  #rest = '';
  #line = 1;
  /** Cells that a record should have: the header's, once it was read. */
  #width = 0;

  constructor(dialect: Dialect) {
    this.#dialect = dialect;
    this.#parser = new Papa.Parser({ delimiter: dialect.delimiter, newline: dialect.newline });
  }

  /** The records that are complete with this piece; with the last one, all that are left. Blank lines are passed over. */
  read(piece: string, last: boolean): CsvRecord[] {
    const records: CsvRecord[] = [];
    let text = this.#rest + piece;
    for (;;) {
      const { consumed, again } = this.#parse(text, last, records);
      text = text.slice(consumed);
      if (!again && !last && text.length > MOST_RECORD) text = this.#skipLine(text, records);
      else if (!again) break;
    }
    this.#rest = text;
    return records;
  }

  #parse(text: string, last: boolean, records: CsvRecord[]): { consumed: number; again: boolean } {
    const { data, errors, meta } = this.#parser.parse(text, 0, !last) as Papa.ParseResult<string[]>;
    const broken = new Set(errors.map((error) => error.row));
    for (const [i, cells] of data.entries()) {
      const extraLines = newlinesIn(cells, this.#dialect.newline);
      // A record of several lines that does not fit: most likely its quote was never meant to be one.
      if (extraLines > 0 && (broken.has(i) || (this.#width > 0 && cells.length !== this.#width))) {
        const start = i === 0 ? 0 : this.#endOf(text, i);
        const after = text.slice(start);
        const left = this.#skipLine(after, records);
        return { consumed: text.length - left.length, again: true };
      }
      this.#push(cells, broken.has(i), records);
      this.#line += 1 + extraLines;
    }
    return { consumed: last ? text.length : meta.cursor, again: false };
  }

  #push(cells: string[], broken: boolean, records: CsvRecord[]): void {
    const end = cells.length - 1;
    if (this.#dialect.stripCarriageReturn && cells[end]?.endsWith('\r')) cells[end] = cells[end].slice(0, -1);
    if (cells.length === 1 && cells[0] === '') return;
    this.#width ||= cells.length;
    records.push({ cells, line: this.#line, broken });
  }

  /** Gives up on the first line of a text, as a broken record. */
  #skipLine(text: string, records: CsvRecord[]): string {
    const end = text.indexOf(this.#dialect.newline);
    records.push({ cells: [end < 0 ? text : text.slice(0, end)], line: this.#line, broken: true });
    this.#line++;
    return end < 0 ? '' : text.slice(end + 1);
  }

  /** Where the first `count` records of a text end. */
  #endOf(text: string, count: number): number {
    const { delimiter, newline } = this.#dialect;
    const parser = new Papa.Parser({ delimiter, newline, preview: count });
    return (parser.parse(text, 0, false) as Papa.ParseResult<string[]>).meta.cursor;
  }
}

function newlinesIn(cells: readonly string[], newline: string): number {
  let count = 0;
  for (const cell of cells) {
    for (let at = cell.indexOf(newline); at >= 0; at = cell.indexOf(newline, at + 1)) count++;
  }
  return count;
}
