/** The rejected lines of a file as a CSV of their own: to be looked at in a spreadsheet, mended and imported again. */
import type { Rejection } from '../store/rejection.ts';
import type { CellWriter } from './cells.ts';

/** An amount below zero is no formula: with an apostrophe it could not be imported again. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Its header: the file's own behind two of ours. */
export function rejectedHeader(writer: CellWriter, headers: readonly string[]): string {
  return lineOf(writer, ['line', 'reason', ...headers]);
}

/** Its lines with the cells they have in the file; a line that is no row is one cell. */
export function rejectedLines(writer: CellWriter, rejections: readonly Rejection[]): string {
  return rejections
    .map(({ line, reason, cells = [] }) => lineOf(writer, [String(line ?? ''), reason, ...cells]))
    .join('');
}

const lineOf = (writer: CellWriter, cells: readonly string[]): string =>
  `${cells.map((cell) => (NUMBER.test(cell) ? cell : writer.text(cell))).join(',')}\n`;
