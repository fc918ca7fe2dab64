/** Words that spreadsheets and people write into tables, in the languages whose spreadsheets are most used. */

const TRUE = ['true', 'wahr', 'vrai', 'verdadero', 'vero', 'verdadeiro', 'waar'];
const FALSE = ['false', 'falsch', 'faux', 'falso', 'onwaar'];
const FLAGS = new Map([
  ...TRUE.map((word) => [word, 'true'] as const),
  ...FALSE.map((word) => [word, 'false'] as const),
]);

/** `true` or `false` for such a word of a spreadsheet's; any other text as it is, without spaces around it. */
export function plainFlag(cell: string): string {
  if (cell === 'true' || cell === 'false') return cell;
  const text = cell.trim();
  return FLAGS.get(text.toLowerCase()) ?? text;
}

const TOTAL =
  /^(grand |sub)?totals?\b|^sum(me|a|s)?\b|^somme\b|^(ins)?gesamt|^ergebnis\b|^(suma |importe )?total/i;

/** Whether a row is one of totals, as spreadsheets and people add them: it begins with such a word, and has no id. */
export function isTotal(cells: readonly string[]): boolean {
  const first = cells.find((cell) => cell.trim() !== '');
  return first !== undefined && first.length < 40 && TOTAL.test(first.trim()) && !cells.some(isGenerationId);
}

const isGenerationId = (cell: string): boolean => cell.trimStart().startsWith('gen-');
