/** How a CSV file is written: what stands between its cells. */
import Papa from 'papaparse';

export const DELIMITERS = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof DELIMITERS)[number];

export interface Dialect {
  readonly delimiter: Delimiter;
  /** Lines before the header: `sep=;`, which spreadsheets write for each other. */
  readonly linesBefore: number;
}

/** A first line that names the delimiter; some programs put quotes around it. */
const SEP_LINE = /^"?sep=(.)"?[ \t,;]*(?:\r\n|\n|\r|$)/i;

/** How much of a file tells its dialect. */
const SAMPLE = 100_000;

const isDelimiter = (text: string | undefined): text is Delimiter =>
  DELIMITERS.some((delimiter) => delimiter === text);

/** Guesses the dialect from the beginning of a file. */
export function guessDialect(text: string): Dialect {
  const start = text.slice(0, SAMPLE);
  const said = SEP_LINE.exec(start);
  if (said && isDelimiter(said[1])) return { delimiter: said[1], linesBefore: 1 };
  // The header is plain words, so it says more than cells that may hold anything.
  const header = /^[^\r\n]*/.exec(start)?.[0] ?? '';
  const counted = DELIMITERS.map((delimiter) => [header.split(delimiter).length - 1, delimiter] as const);
  const [most, delimiter] = counted.reduce((best, one) => (one[0] > best[0] ? one : best));
  if (most >= 2) return { delimiter, linesBefore: 0 };
  const guessed = Papa.parse(start, {
    preview: 20,
    skipEmptyLines: true,
    delimitersToGuess: [...DELIMITERS],
  }).meta.delimiter;
  return { delimiter: isDelimiter(guessed) ? guessed : ',', linesBefore: 0 };
}

/** Where the text behind the first lines begins. */
export function skipLines(text: string, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = /\r\n|\n|\r/g;
    end.lastIndex = at;
    const found = end.exec(text);
    if (!found) return text.length;
    at = found.index + found[0].length;
  }
  return at;
}
