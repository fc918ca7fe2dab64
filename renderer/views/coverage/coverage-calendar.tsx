import { type KeyboardEvent, memo, type PointerEvent, useEffect, useRef } from 'react';
import { type CoverageFacts, coverageDay } from '../../hooks/coverage.ts';
import type { DayRange } from '../../hooks/filters.ts';
import { dayFrom, type Month, weekday } from './calendar.ts';
import styles from './coverage-calendar.module.css';
import { dayWords } from './coverage-words.ts';

/** So few months have larger days. */
const ROOMY_MONTHS = 8;

const WEEKDAYS = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

/**
 * A cell for each day. One of them takes the focus: arrows go on by days and weeks, Page Up and Page Down by months,
 * Home and End to the ends of the month; with Shift, or by dragging, a stretch of days is chosen.
 */
export function CoverageCalendar({
  facts,
  months,
  chosen,
  onChoose,
}: {
  readonly facts: CoverageFacts;
  readonly months: readonly Month[];
  /** `anchor` stays when the stretch is made longer or shorter. */
  readonly chosen: { readonly anchor: number; readonly at: number } | null;
  readonly onChoose: (chosen: { anchor: number; at: number } | null) => void;
}) {
  const grid = useRef<HTMLDivElement>(null);
  const first = months[0]?.first ?? 0;
  const last = months.at(-1)?.weeks.at(-1)?.at(-1) ?? first;
  const current = chosen?.at ?? last;
  const range = chosen && rangeOf(chosen);

  // Where it begins is long ago; what matters most is at the end.
  useEffect(() => {
    grid.current?.lastElementChild?.scrollIntoView({ block: 'end' });
  }, []);

  const focus = (day: number) =>
    grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus({ preventScroll: false });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && chosen) {
      onChoose(null);
      event.preventDefault();
      return;
    }
    const at =
      event.key === ' ' || event.key === 'Enter' ? current : dayFrom(current, event.key, first, last);
    if (at === undefined) return;
    onChoose({ anchor: event.shiftKey && chosen ? chosen.anchor : at, at });
    focus(at);
    event.preventDefault();
  };

  const dayOf = (event: PointerEvent): number | undefined => {
    const cell = (event.target as Element).closest<HTMLElement>('[data-day]');
    return cell ? Number(cell.dataset.day) : undefined;
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: months side by side are no table
    <div
      ref={grid}
      role="grid"
      tabIndex={-1}
      aria-label="Coverage by day"
      aria-multiselectable="true"
      className={styles.months}
      data-roomy={months.length <= ROOMY_MONTHS || undefined}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        const at = dayOf(event);
        if (at !== undefined && event.button === 0)
          onChoose({ anchor: event.shiftKey && chosen ? chosen.anchor : at, at });
      }}
      onPointerOver={(event) => {
        const at = dayOf(event);
        if (at !== undefined && event.buttons === 1 && chosen) onChoose({ anchor: chosen.anchor, at });
      }}
    >
      {months.map(({ first: month, label, weeks }) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        <div role="rowgroup" key={month} className={styles.month} aria-label={label}>
          <h3 className={styles.label}>{label}</h3>
          <div className={styles.week} aria-hidden="true">
            {WEEKDAYS.map((day) => (
              <span key={day} className={styles.weekday}>
                {day}
              </span>
            ))}
          </div>
          {weeks.map((week) => (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: its cells are focused
            <div role="row" key={week[0]} className={styles.week}>
              {week.map((day) => (
                <Cell
                  key={day}
                  facts={facts}
                  day={day}
                  focusable={day === current}
                  selected={range !== null && day >= range.first && day <= range.last}
                />
              ))}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

export const rangeOf = ({ anchor, at }: { readonly anchor: number; readonly at: number }): DayRange => ({
  first: Math.min(anchor, at),
  last: Math.max(anchor, at),
});

const Cell = memo(function Cell({
  facts,
  day,
  focusable,
  selected,
}: {
  readonly facts: CoverageFacts;
  readonly day: number;
  readonly focusable: boolean;
  readonly selected: boolean;
}) {
  const known = coverageDay(facts, day);
  const words = dayWords(known);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    <div
      role="gridcell"
      tabIndex={focusable ? 0 : -1}
      className={styles.day}
      data-state={known.state}
      data-day={day}
      aria-label={words}
      aria-selected={selected}
      title={words}
      style={{ gridColumnStart: weekday(day) + 1 }}
    >
      {new Date(day).getUTCDate()}
    </div>
  );
});
