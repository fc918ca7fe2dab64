/** What the reader last chose of an export; kept with the preferences. */
import * as z from 'zod/mini';

/** See renderer/export/cells.ts. */
const cells = z.enum(['protected', 'plain']);

export const exportChoicesSchema = z.strictObject({
  table: z.strictObject({
    to: z.enum(['file', 'clipboard']),
    file: z.enum(['csv', 'json']),
    clipboard: z.enum(['tsv', 'csv', 'json']),
    totals: z.boolean(),
    cells,
  }),
  generations: z.strictObject({ format: z.enum(['csv', 'ndjson']), cells }),
  report: z.strictObject({ format: z.enum(['pdf', 'html']) }),
});
export type ExportChoices = z.infer<typeof exportChoicesSchema>;

/** Harmless in a spreadsheet, until the reader says that a machine will read it. */
export const DEFAULT_EXPORT: ExportChoices = {
  table: { to: 'file', file: 'csv', clipboard: 'tsv', totals: false, cells: 'protected' },
  generations: { format: 'csv', cells: 'protected' },
  report: { format: 'pdf' },
};
