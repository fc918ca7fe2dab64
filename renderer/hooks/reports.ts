/** Makes a report of what is on screen. */
import type { ExportChoices } from '../../shared/exports.ts';
import { call, main } from '../client.ts';
import { reportHtml } from '../report/document.ts';
import { gatherFacts } from '../report/facts.ts';
import { LOOK } from '../report/look.ts';
import { askGroups } from './ask.ts';
import { isSample } from './dataset.ts';
import type { ExportScope } from './export-scope.ts';

export interface MadeReport {
  /** HTML, or the bytes of a PDF. */
  readonly data: string | Uint8Array;
  /** Requests that it rests on. */
  readonly requests: number;
}

export async function makeReport(
  scope: ExportScope,
  format: ExportChoices['report']['format'],
): Promise<MadeReport> {
  const { version: appVersion } = await call(main.appInfo({}));
  const facts = await gatherFacts(askGroups, scope.filter, {
    ...scope,
    // The title names the user.
    filters: scope.filters.filter((_words, i) => scope.user === null || i > 0),
    madeAt: Date.now(),
    appVersion,
    sample: isSample(),
  });
  const html = reportHtml(facts, LOOK);
  const data = format === 'html' ? html : (await call(main.printPdf({ html }))).pdf;
  return { data, requests: facts.coverage.rows };
}
