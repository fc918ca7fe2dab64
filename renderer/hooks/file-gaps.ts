/** What files did not bring, in sentences without a full stop. Pure. */
import type { SourceRef } from '../../shared/query.ts';
import { countOf } from '../components/format.ts';
import type { Origin } from '../store/api.ts';

/** Why the imports of a source are not all that their files hold; empty when they are, or there are none. */
export function fileGaps(
  origins: readonly Origin[],
  source: SourceRef | null,
  importing = false,
): readonly string[] {
  const files = origins.filter((origin) => origin.kind === 'file' && isOf(origin, source));
  const broken = files.filter((origin) => isBroken(origin, importing) && !isMadeGood(origin, files));
  const rejected = files.filter((origin) => missingLines(origin) > 0);
  const lines = rejected.reduce((sum, origin) => sum + missingLines(origin), 0);
  return [
    ...(broken.length > 0
      ? [`${nameOf(broken)} ${broken.length === 1 ? 'was' : 'were'} not imported to the end`]
      : []),
    ...(lines > 0
      ? [`${countOf(lines, 'line')} of ${nameOf(rejected)} ${lines === 1 ? 'was' : 'were'} rejected`]
      : []),
  ];
}

const isOf = ({ id }: Origin, source: SourceRef | null): boolean =>
  source === null || source === 'files' || ('origin' in source && source.origin === id);

/** Lines that were not taken; a line of totals is no generation that is missing. */
const missingLines = ({ counts, totalLines = 0 }: Origin): number => counts.rejected - totalLines;

/** What was stopped before anything of it was stored is as if it had never come. */
function isBroken({ state, counts }: Origin, importing: boolean): boolean {
  if (state === 'failed') return true;
  // What is open and not under way was cut off by the app's end.
  const isCut = state === 'stopped' || (state === 'open' && !importing);
  return isCut && counts.new + counts.known + counts.merged > 0;
}

/** Whether the same file came whole later on. */
const isMadeGood = (broken: Origin, files: readonly Origin[]): boolean =>
  files.some(({ name, state, id }) => name === broken.name && state === 'complete' && id > broken.id);

const nameOf = (files: readonly Origin[]): string =>
  files.length === 1 ? `“${files[0]!.name}”` : countOf(files.length, 'file');
