/** Cells that were written for spreadsheets: see `CellMode`. */
import { isProtected } from '../export/cells.ts';
import type { EncodedBatch } from '../store/encode.ts';
import type { EncodedText } from '../store/vector.ts';

/** How many texts of a batch have an apostrophe in front of what a spreadsheet would run. */
export function countProtected({ columns }: EncodedBatch): number {
  let cells = 0;
  for (const column of Object.values(columns)) if (column.kind === 'text') cells += countIn(column);
  return cells;
}

/** Asks each word once; its cells are counted only where there is such a word. */
function countIn({ words, codes }: EncodedText): number {
  const found = new Set<number>();
  for (const [place, word] of words.entries()) if (isProtected(word)) found.add(place + 1);
  if (found.size === 0) return 0;
  let cells = 0;
  for (const code of codes) if (found.has(code)) cells++;
  return cells;
}
