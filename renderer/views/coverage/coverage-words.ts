import { formatMoney } from '../../../shared/money.ts';
import { joinSpans } from '../../../shared/spans.ts';
import { DAY_MS, formatDay, formatDays } from '../../../shared/time.ts';
import { countOf, formatCount } from '../../components/format.ts';
import type { Completeness, CoverageDay, DayState } from '../../hooks/coverage.ts';

/** What each state is called, in a list and in a sentence, and what it means. */
export const STATE_WORDS: Readonly<
  Record<DayState, { readonly label: string; readonly inText: string; readonly about: string }>
> = {
  complete: {
    label: 'Complete',
    inText: 'complete',
    about: 'Everything that OpenRouter has of it is stored, late arrivals included.',
  },
  partial: {
    label: 'Partial',
    inText: 'partial',
    about:
      'It was pulled in part, or some of it is stored, and nobody has seen the whole day. Today is always partial.',
  },
  pulling: { label: 'Being pulled', inText: 'being pulled', about: 'The sync under way has it before it.' },
  imported: {
    label: 'From a file',
    inText: 'imported from a file',
    about: 'Imported, and as whole as the file is.',
  },
  never: { label: 'Never pulled', inText: 'never pulled', about: 'OpenRouter was not asked for it yet.' },
  beyond: {
    label: 'Beyond reach',
    inText: 'beyond what the API still gives',
    about:
      'OpenRouter gives nothing from then (it is too long ago, or there was nothing), or you deleted what was so old. An activity CSV may know.',
  },
};

/** `2026-11-03: complete, 120 requests, $3.21` */
export function dayWords({ day, state, requests, spend }: CoverageDay): string {
  const parts = [STATE_WORDS[state].inText, countOf(requests, 'request')];
  if (spend !== null) parts.push(formatMoney(spend));
  return `${formatDay(day)}: ${parts.join(', ')}`;
}

/** Days as the stretches they form, the newest first: `2026-11-12 – 2026-11-13, 2026-10-03`, and how many more. */
export function stretchWords(days: readonly number[], most: number): string {
  const stretches = joinSpans(days.map((day) => ({ from: day, to: day + DAY_MS }))).reverse();
  const shown = stretches.slice(0, most).map(({ from, to }) => formatDays(from, to - DAY_MS));
  const more = stretches.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${formatCount(more)} more` : shown.join(', ');
}

/** What is said of a total; null when there is nothing to say. */
export function completenessWords(said: Completeness): string | null {
  const missing = missingWords(said);
  if (said.deletedBefore === null) return missing;
  const deleted = `hat was from before ${formatDay(said.deletedBefore)} was deleted here`;
  return missing ? `${missing}; w${deleted}` : `W${deleted}`;
}

function missingWords({
  days,
  incomplete,
  onlyUnderWay,
  olderMissing,
  onlyLookedUp,
}: Completeness): string | null {
  if (onlyLookedUp) return 'Only generations that were looked up are counted';
  const older = 'older days are not pulled yet';
  if (incomplete === 0) return olderMissing ? `${older.charAt(0).toUpperCase()}${older.slice(1)}` : null;
  if (onlyUnderWay) {
    const today =
      incomplete === 1 ? 'Today is not complete yet' : `The last ${incomplete} days are not complete yet`;
    return olderMissing ? `${today}, and ${older}` : today;
  }
  const verb = incomplete === 1 ? 'is' : 'are';
  const some = `${formatCount(incomplete)} of ${countOf(days, 'day')} ${verb} not complete`;
  return olderMissing ? `${some}, and ${older}` : some;
}
