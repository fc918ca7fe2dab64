/** Figures in a table: for the eye in the cell, exact in the tooltip. Unknown is `–`, never 0. */
import { formatExact, formatMoney, type Money } from '../../shared/money.ts';
import type { AggregateValue } from '../../shared/query.ts';
import { formatTime } from '../../shared/time.ts';
import styles from './figures.module.css';
import { formatCount, formatShare, UNKNOWN } from './format.ts';

export const NOT_KNOWN = 'not known';

/** `why` where more can be said than that it is not known. */
export function Unknown({ why = NOT_KNOWN }: { readonly why?: string }) {
  return (
    <span className={styles.unknown} title={why}>
      {UNKNOWN}
    </span>
  );
}

/** Zeros stand back, so that what there is stands out. */
function Quiet({ when, children }: { readonly when: boolean; readonly children: string }) {
  return when ? <span className={styles.zero}>{children}</span> : children;
}

export function MoneyText({
  amount,
  decimals,
}: {
  readonly amount: Money | null;
  readonly decimals: number;
}) {
  if (amount === null) return <Unknown />;
  return <Quiet when={amount === 0n}>{formatMoney(amount, decimals)}</Quiet>;
}

export function CountText({ count }: { readonly count: number | null }) {
  return count === null ? <Unknown /> : <Quiet when={count === 0}>{formatCount(count)}</Quiet>;
}

/** The UTC day; the second is in the tooltip. */
export function DayText({ time }: { readonly time: number | null }) {
  return time === null ? <Unknown /> : formatTime(time).slice(0, 10);
}

/** A share as a number and as a bar, whose full length is `most`. */
export function ShareText({ share, most }: { readonly share: number | null; readonly most: number }) {
  if (share === null) return <Unknown />;
  const length = most > 0 ? Math.min(1, Math.max(0, share / most)) : 0;
  return (
    <span className={styles.share}>
      <span className={styles.track} aria-hidden="true">
        {length > 0 && <span className={styles.bar} style={{ width: `${length * 100}%` }} />}
      </span>
      <span className={styles.percent}>{formatShare(share)}</span>
    </span>
  );
}

/** `known for 812 of 1,000 requests`, when a value rests on fewer requests than there are. */
function knownNote({ known }: AggregateValue, requests: number): string | undefined {
  if (known >= requests) return undefined;
  return `known for ${formatCount(known)} of ${formatCount(requests)} requests`;
}

const lines = (...texts: (string | undefined)[]): string => texts.filter(Boolean).join('\n');

/** Tooltip of a sum of money: every digit, and what it rests on. */
export function moneyTitle(value: AggregateValue, requests: number): string {
  if (typeof value.value !== 'bigint') return NOT_KNOWN;
  return lines(formatExact(value.value), knownNote(value, requests));
}

export function countTitle(value: AggregateValue, requests: number): string {
  if (typeof value.value !== 'number') return NOT_KNOWN;
  return lines(formatCount(value.value), knownNote(value, requests));
}

export function shareTitle(value: AggregateValue, requests: number): string {
  if (typeof value.value !== 'number') return NOT_KNOWN;
  return lines(`${(value.value * 100).toFixed(6)}% of the spend shown`, knownNote(value, requests));
}

export function timeTitle({ value }: AggregateValue): string {
  return typeof value === 'number' ? `${formatTime(value)} UTC` : NOT_KNOWN;
}
