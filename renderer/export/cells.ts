/** Text as a cell of CSV (RFC 4180, but for the line end, which is LF as in OpenRouter's exports) or TSV. */
import type { ExportChoices } from '../../shared/exports.ts';

/**
 * - `protected`: for spreadsheets. What one would run as a formula gets an apostrophe in front, which makes it
 *   text there. Numbers are no texts: a negative one stays a number.
 * - `plain`: for machines, and for importing again. Every text as it is.
 */
export type CellMode = ExportChoices['generations']['cells'];

/**
 * What spreadsheets take for the beginning of a formula: the four signs (their full-width forms too, which East
 * Asian versions read alike), also behind white space that some of them trim, and the controls that may end a cell.
 */
const FORMULA = /^(?:[\s\ufeff]*[=+\-@＝＋－＠]|[\t\r\n])/u;

/**
 * The same behind what may part cells: where a list is parted by semicolons, as in much of Europe, a spreadsheet
 * takes our quotes in the middle of a line for mere characters and parts the text inside them. Found from the sign
 * backwards, so that the time grows only with the text's length.
 */
const INNER_FORMULA = /(?<=[;,|\t\r\n][\s\ufeff"]*)[=+\-@＝＋－＠]/gu;

/** Said where a text got an apostrophe. */
export const TOUCHED_NOTE =
  'Texts that begin like a formula, or hold what does, got an apostrophe in front of it.';

/** Whether a spreadsheet might run a text. */
export const isFormula = (text: string): boolean => FORMULA.test(text);

/** Whether a text is one as `protected` cells hold it: a formula behind an apostrophe. */
export const isProtected = (text: string): boolean => text.startsWith("'") && isFormula(text.slice(1));

const CSV_QUOTED = /[",\r\n]|^[\s\ufeff]|\s$/;
const TSV_QUOTED = /["\t\r\n]/;

/** Writes texts as cells, and remembers whether one had to be protected. */
export class CellWriter {
  /** Whether a text so far got an apostrophe. */
  touched = false;
  readonly #protects: boolean;
  readonly #quoted: RegExp;

  constructor(mode: CellMode, separator: ',' | '\t' = ',') {
    this.#protects = mode === 'protected';
    this.#quoted = separator === ',' ? CSV_QUOTED : TSV_QUOTED;
  }

  readonly text = (text: string): string => {
    let cell = text;
    if (this.#protects) {
      cell = (isFormula(text) ? `'${text}` : text).replaceAll(INNER_FORMULA, "'$&");
      this.touched ||= cell !== text;
    }
    return this.#quoted.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  };
}
