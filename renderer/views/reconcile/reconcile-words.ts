import { formatMoney } from '../../../shared/money.ts';
import { countOf, decimalsFor, formatCount, formatShare } from '../../components/format.ts';
import { type CoverageFacts, coverageDay, type DayState } from '../../hooks/coverage.ts';
import { type Comparison, type Reconciliation, spendOf } from '../../hooks/reconcile.ts';

/** Both spends with as many decimals as it takes to tell them apart. */
function spends({ here, there, ties }: Comparison): readonly [here: string, there: string] {
  const [a, b] = [spendOf(here), spendOf(there)];
  const least = decimalsFor(b === 0n ? a : b, 2, 4);
  for (let decimals = least; decimals <= 9; decimals++) {
    const texts = [formatMoney(a, decimals), formatMoney(b, decimals)] as const;
    if (ties || a === b || texts[0] !== texts[1]) return texts;
  }
  return [formatMoney(a, 9), formatMoney(b, 9)];
}

/** One line in plain words: whether it ties, and on what. */
export function verdict(result: Reconciliation): string {
  const { days } = result;
  const [here, there] = spends(result);
  const off = days.filter(({ ties }) => !ties).length;
  if (off === 0)
    return `All ${countOf(days.length, 'day')} tie with OpenRouter: ${here} here, ${there} there.`;
  const verb = off === 1 ? 'does' : 'do';
  return `${formatCount(off)} of ${countOf(days.length, 'day')} ${verb} not tie with OpenRouter: ${here} here, ${there} there.`;
}

/** Where to look when something does not tie. */
export interface Hint {
  readonly text: string;
  /** There are days to fill. */
  readonly coverage: boolean;
}

const INCOMPLETE: ReadonlySet<DayState> = new Set(['partial', 'pulling', 'never', 'imported']);

export function hints(result: Reconciliation, facts: CoverageFacts | null): readonly Hint[] {
  const off = result.days.filter(({ ties }) => !ties);
  const found: Hint[] = [];
  const open = facts
    ? off.filter(({ day }) => INCOMPLETE.has(coverageDay(facts, day).state)).map(({ day }) => day)
    : [];
  if (open.length > 0) {
    const which =
      open.length === off.length
        ? off.length === 1
          ? 'It is'
          : 'They are'
        : `${countOf(open.length, 'day')} of them ${open.length === 1 ? 'is' : 'are'}`;
    found.push({
      text: `${which} not pulled whole: fill ${open.length === 1 ? 'it' : 'them'} first.`,
      coverage: true,
    });
  }
  const whole = off.filter(({ day }) => !open.includes(day));
  if (whole.length > 0) {
    const names = new Set(
      whole.flatMap(({ models }) => models.filter(({ ties }) => !ties).map(({ model }) => model)),
    );
    const all = new Set(whole.flatMap(({ models }) => models.map(({ model }) => model)));
    if (names.size <= 2 && names.size < all.size) {
      const list = [...names].map((name) => name ?? 'requests without a model').join(' and ');
      found.push({
        text: `Only ${list} ${names.size === 1 ? 'differs' : 'differ'} on the days that are complete.`,
        coverage: false,
      });
    } else if (whole.every(({ here }) => here.requests === 0)) {
      found.push({
        text: 'The days are complete but empty here: does this key see the whole account?',
        coverage: false,
      });
    } else {
      found.push({ text: 'Open a day to see which of its models differ.', coverage: false });
    }
  }
  const requests = result.days.filter(({ ties, requestGap }) => ties && requestGap !== 0).length;
  if (requests > 0) {
    found.push({
      text: `On ${countOf(requests, 'day')} the spend ties but the number of requests does not.`,
      coverage: false,
    });
  }
  return found;
}

/** `−$1.36`, `+$0.0042`, `$0`; `≈ $0` for what is only rounding. */
export function gapText({ gap, ties }: Comparison): string {
  if (gap === 0n) return '$0';
  if (ties) return '≈ $0';
  const text = formatMoney(gap, decimalsFor(gap, 2, 9));
  return gap > 0n ? `+${text}` : text;
}

/** `−2.9%`, `+100.0%`; nothing where it ties, or where there is nothing to compare with. */
export function gapShare({ gap, share, ties }: Comparison): string {
  if (ties || share === null) return '';
  return `${gap > 0n ? '+' : ''}${formatShare(share)}`;
}
