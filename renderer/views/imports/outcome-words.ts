import { countOf, formatCount } from '../../components/format.ts';
import type { ImportResult } from '../../hooks/imports.ts';

/** What became of all files together. */
export function headline(results: readonly ImportResult[]): string {
  if (results.some((result) => 'error' in result && result.error.code === 'stopped'))
    return 'Import cancelled';
  const count = (which: Extent) => results.filter((result) => extentOf(result) === which).length;
  const [whole, part, none] = [count('whole'), count('part'), count('none')];
  if (results.length === 1) {
    if (whole > 0) return 'Import complete';
    return part > 0 ? 'The file was imported in part' : 'The file was not imported';
  }
  if (whole + part === 0) return 'No file was imported';
  const parts = [
    ...(whole > 0 ? [`${countOf(whole, 'file')} imported`] : []),
    ...(part > 0
      ? [whole > 0 ? `${formatCount(part)} in part` : `${countOf(part, 'file')} imported in part`]
      : []),
    ...(none > 0 ? [`${formatCount(none)} not`] : []),
  ];
  return parts.join(', ');
}

type Extent = 'whole' | 'part' | 'none';

/** What failed half-way has stored what came before. */
function extentOf(result: ImportResult): Extent {
  if ('error' in result) return 'none';
  const { state, counts } = result.origin;
  if (state !== 'failed') return 'whole';
  return counts.new + counts.merged > 0 ? 'part' : 'none';
}
