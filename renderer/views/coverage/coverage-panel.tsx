import type { ReactNode } from 'react';
import { formatExact, formatMoney, type Money } from '../../../shared/money.ts';
import { DAY_MS, formatDay, formatDays, startOfDay } from '../../../shared/time.ts';
import { Button } from '../../components/button.tsx';
import { countOf, decimalsFor, formatCount, UNKNOWN } from '../../components/format.ts';
import {
  type CoverageDay,
  type CoverageFacts,
  coverageDay,
  DAY_STATES,
  type DayState,
  daysOf,
  fillsFor,
  firstKnownDay,
  missingDays,
  olderMissing,
} from '../../hooks/coverage.ts';
import { type DayRange, setRange } from '../../hooks/filters.ts';
import { attempt } from '../../hooks/notices.ts';
import { go } from '../../hooks/route.ts';
import { syncAll, syncFills, useSync } from '../../hooks/sync.ts';
import { isSyncing } from '../../hooks/sync-view.ts';
import calendar from './coverage-calendar.module.css';
import styles from './coverage-panel.module.css';
import { STATE_WORDS, stretchWords } from './coverage-words.ts';

/** Beside the calendar: what its shapes mean and how many of each there are, the holes, and what is chosen. */
export function CoveragePanel({
  facts,
  first,
  range,
}: {
  readonly facts: CoverageFacts;
  /** The first day of the calendar. */
  readonly first: number;
  readonly range: DayRange | null;
}) {
  const all = [...daysOf(facts, { first, last: startOfDay(facts.now) })].map((day) =>
    coverageDay(facts, day),
  );
  return (
    <aside className={styles.panel} aria-label="About these days">
      <Legend days={all} />
      <Older facts={facts} />
      <Missing facts={facts} />
      {range ? (
        <Chosen facts={facts} range={range} />
      ) : (
        <p className={styles.muted}>Choose a day for more.</p>
      )}
    </aside>
  );
}

function Legend({ days }: { readonly days: readonly CoverageDay[] }) {
  const counts = countStates(days);
  return (
    <ul className={styles.legend} aria-label="Legend">
      {DAY_STATES.map((state) => (
        <li key={state} title={STATE_WORDS[state].about} data-none={!counts.has(state) || undefined}>
          <Swatch state={state} />
          <span>{STATE_WORDS[state].label}</span>
          <span className={styles.count}>{formatCount(counts.get(state) ?? 0)}</span>
        </li>
      ))}
    </ul>
  );
}

const Swatch = ({ state }: { readonly state: DayState }) => (
  <span className={`${calendar.day} ${styles.swatch}`} data-state={state} aria-hidden="true">
    {state === 'beyond' ? '1' : ''}
  </span>
);

function countStates(days: readonly CoverageDay[]): ReadonlyMap<DayState, number> {
  const counts = new Map<DayState, number>();
  for (const { state } of days) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

/** The holes among the days that are known, and the way to fill them. */
function Missing({ facts }: { readonly facts: CoverageFacts }) {
  const syncing = isSyncing(useSync());
  const missing = missingDays(facts);
  if (missing.length === 0) return null;
  return (
    <Part title={`${countOf(missing.length, 'day')} missing`}>
      <p className={styles.muted}>{stretchWords(missing, 4)}</p>
      <Button
        look={olderMissing(facts) ? 'normal' : 'primary'}
        isDisabled={syncing}
        onPress={() => attempt(syncFills(fillsFor(facts, missing)))}
      >
        {syncing ? 'Sync under way…' : 'Fill missing days'}
      </Button>
    </Part>
  );
}

/** Says that the first pull has not reached the beginning. */
function Older({ facts }: { readonly facts: CoverageFacts }) {
  const syncing = isSyncing(useSync());
  if (syncing || !olderMissing(facts)) return null;
  const canPull = facts.coverers.some(({ lists }) => lists);
  return (
    <Part title="Older days">
      <p className={styles.muted}>
        {facts.stored.size === 0
          ? 'Nothing was pulled yet.'
          : `What lies before ${formatDay(firstKnownDay(facts))} is not pulled yet. ${canPull ? 'A sync goes on from there.' : 'Connect with a key to pull it.'}`}
      </p>
      {canPull && (
        <Button look="primary" onPress={() => attempt(syncAll())}>
          {facts.stored.size === 0 ? 'Begin' : 'Go on'}
        </Button>
      )}
    </Part>
  );
}

function Chosen({ facts, range }: { readonly facts: CoverageFacts; readonly range: DayRange }) {
  const syncing = isSyncing(useSync());
  const days: CoverageDay[] = [];
  for (let day = range.first; day <= range.last; day += DAY_MS) days.push(coverageDay(facts, day));
  const [only] = days;
  const one = days.length === 1 ? only : undefined;
  const requests = days.reduce((sum, day) => sum + day.requests, 0);
  const spend = days.reduce<Money | null>(
    (sum, day) => (day.spend === null ? sum : (sum ?? 0n) + day.spend),
    null,
  );
  const fills = fillsFor(
    facts,
    days.map(({ day }) => day),
  );
  const whole = days.every(({ state }) => state === 'complete');
  return (
    <Part title={formatDays(range.first, range.last)}>
      {one ? (
        <p className={styles.muted}>
          <strong>{STATE_WORDS[one.state].label}.</strong> {STATE_WORDS[one.state].about}
        </p>
      ) : (
        <p className={styles.muted}>
          <strong>{countOf(days.length, 'day')}:</strong>{' '}
          {[...countStates(days)]
            .map(([state, count]) => `${formatCount(count)} ${STATE_WORDS[state].inText}`)
            .join(', ')}
          .
        </p>
      )}
      <dl className={styles.figures}>
        <dt>Requests</dt>
        <dd>{formatCount(requests)}</dd>
        <dt>Spend</dt>
        <dd title={spend === null ? 'not known' : formatExact(spend)}>
          {spend === null ? UNKNOWN : formatMoney(spend, decimalsFor(spend, 2, 4))}
        </dd>
        {one?.each.map(({ label, state }) => (
          <div key={label} className={styles.each}>
            <dt title={label}>{label}</dt>
            <dd>{STATE_WORDS[state].label}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.actions}>
        <Button
          isDisabled={requests === 0}
          onPress={() => {
            setRange(range);
            go({ view: 'users' });
          }}
        >
          Show users
        </Button>
        {fills.length > 0 && (
          <Button isDisabled={syncing} onPress={() => attempt(syncFills(fills))}>
            {whole ? 'Pull again' : days.length === 1 ? 'Pull this day' : 'Pull these days'}
          </Button>
        )}
      </div>
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
