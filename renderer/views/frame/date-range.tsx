import { CalendarDate, type DateValue, toCalendarDate } from '@internationalized/date';
import { Calendar as CalendarIcon, Check, ChevronDown, ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import { CalendarCell, CalendarGrid } from 'react-aria-components/Calendar';
import { DateField, DateInput, DateSegment } from 'react-aria-components/DateField';
import { DateRangePicker } from 'react-aria-components/DateRangePicker';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { Popover } from 'react-aria-components/Popover';
import { RangeCalendar } from 'react-aria-components/RangeCalendar';
import { Button } from '../../components/button.tsx';
import {
  type DayRange,
  PRESET_LABELS,
  PRESETS,
  rangeLabel,
  setPreset,
  setRange,
  useFilters,
} from '../../hooks/filters.ts';
import styles from './date-range.module.css';

const toDate = (day: number): CalendarDate => {
  const date = new Date(day);
  return new CalendarDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate());
};
const toDay = (value: DateValue): number => {
  const { year, month, day } = toCalendarDate(value);
  return Date.UTC(year, month - 1, day);
};
interface Dates {
  readonly start: DateValue | null;
  readonly end: DateValue | null;
}
const NO_DATES: Dates = { start: null, end: null };
const toDates = (range: DayRange | null): Dates =>
  range ? { start: toDate(range.first), end: toDate(range.last) } : NO_DATES;

/** The date range that holds in all views: a preset, days picked, or days typed. All of them UTC. */
export function DateRange() {
  const filters = useFilters();
  const [isOpen, setOpen] = useState(false);
  /** What is being typed or picked: a day that is half typed is another day, so it counts when it is left. */
  const [draft, setDraft] = useState<Dates | null>(null);
  // The calendar closes the popover with the same click that picks the last day.
  const latest = useRef(draft);
  const change = (next: Dates | null) => {
    latest.current = next;
    setDraft(next);
  };
  const button = useRef<HTMLButtonElement>(null);
  const label = rangeLabel(filters);
  const shown = draft ?? toDates(filters.range);
  const { start, end } = shown;

  const open = (next: boolean) => {
    const { start = null, end = null } = latest.current ?? {};
    const [first, last] = [start ?? end, end ?? start];
    setOpen(next);
    change(null);
    if (!next && first && last) setRange({ first: toDay(first), last: toDay(last) });
  };
  // The fields keep their keys to themselves.
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = ({ key, target }: KeyboardEvent) => {
      if (key === 'Enter' && (target as Element).role === 'spinbutton') open(false);
    };
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  });
  return (
    // This locale writes days as the rest of the app does: 2026-11-22.
    <I18nProvider locale="en-CA">
      <DateRangePicker
        aria-label="Date range"
        className={styles.picker!}
        value={start && end && { start, end }}
        onChange={change}
        isOpen={isOpen}
        onOpenChange={open}
        shouldCloseOnSelect
      >
        <Button ref={button} aria-label={`Date range: ${label} (UTC)`}>
          <CalendarIcon size={14} aria-hidden="true" />
          {label}
          <span className={styles.zone}>UTC</span>
          <ChevronDown size={13} aria-hidden="true" />
        </Button>
        <Popover className={styles.popover!} triggerRef={button} placement="bottom end" offset={6}>
          <Dialog className={styles.dialog!} aria-label="Date range">
            <ul className={styles.presets}>
              {PRESETS.map((preset) => (
                <li key={preset}>
                  <AriaButton
                    slot={null}
                    className={styles.preset!}
                    aria-pressed={filters.preset === preset}
                    onPress={() => {
                      setPreset(preset);
                      change(null);
                      setOpen(false);
                    }}
                  >
                    {PRESET_LABELS[preset]}
                    {filters.preset === preset && <Check size={13} aria-hidden="true" />}
                  </AriaButton>
                </li>
              ))}
            </ul>
            <div className={styles.days}>
              <div className={styles.typed}>
                <Typed label="First day" day={shown.start} onDay={(start) => change({ ...shown, start })} />
                <span aria-hidden="true">–</span>
                <Typed label="Last day" day={shown.end} onDay={(end) => change({ ...shown, end })} />
              </div>
              <RangeCalendar firstDayOfWeek="mon">
                <header className={styles.month}>
                  <Button slot="previous" look="plain" square>
                    <ChevronLeft size={15} aria-hidden="true" />
                  </Button>
                  <Heading level={3} />
                  <Button slot="next" look="plain" square>
                    <ChevronRight size={15} aria-hidden="true" />
                  </Button>
                </header>
                <CalendarGrid className={styles.grid!}>
                  {(date) => <CalendarCell date={date} className={styles.day!} />}
                </CalendarGrid>
              </RangeCalendar>
              <p className={styles.note}>Days are UTC, as OpenRouter bills them.</p>
            </div>
          </Dialog>
        </Popover>
      </DateRangePicker>
    </I18nProvider>
  );
}

/** A day to be typed. Not the picker's own field: those lose the digit with which one leaves the first for the second. */
function Typed({
  label,
  day,
  onDay,
}: {
  readonly label: string;
  readonly day: DateValue | null;
  readonly onDay: (day: DateValue | null) => void;
}) {
  return (
    <DateField slot={null} aria-label={label} value={day} onChange={onDay}>
      <DateInput className={styles.input!}>
        {(segment) => <DateSegment segment={segment} className={styles.segment!} />}
      </DateInput>
    </DateField>
  );
}
