/** Values as text for the eye. Money and times have their own in `shared/`. */
import { DECIMALS, type Money } from '../../shared/money.ts';
import { DAY_MS } from '../../shared/time.ts';

/** What stands where a value is not known. Never 0. */
export const UNKNOWN = '–';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const byteSize = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** `1,234,567` */
export const formatCount = (count: number): string => whole.format(count);

/** `1 request`, `1,234 requests` */
export const countOf = (count: number, one: string): string =>
  `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;

/** `12.3%`; something is never `0.0%`, and not quite all is never `100.0%`. */
export function formatShare(share: number): string {
  const size = Math.abs(share);
  if (size > 0 && size < 0.0005) return share < 0 ? '>−0.1%' : '<0.1%';
  if (size > 0.9995 && size < 1) return share < 0 ? '<−99.9%' : '>99.9%';
  return `${share < 0 ? '−' : ''}${(size * 100).toFixed(1)}%`;
}

/** `1,234` milliseconds, with the fraction where it says something. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 10 && !Number.isInteger(milliseconds)
    ? milliseconds.toFixed(1)
    : whole.format(milliseconds);
}

/** `12.3 MB` */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${byteSize.format(bytes / 1000 ** power)} ${units[power]}`;
}

/** `just now`, `5 minutes ago`, `3 days ago` */
export function formatAgo(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${countOf(minutes, 'minute')} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${countOf(hours, 'hour')} ago`;
  return `${countOf(Math.floor((now - time) / DAY_MS), 'day')} ago`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** `14:05` by the clock on the reader's wall; everything that is billed is in UTC days instead. */
export const formatClock = (time: number): string => clock.format(time);

/** `45 seconds`, `12 minutes`, `3 hours`: of a countdown, so rounded up. */
export function formatWait(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds <= 90) return countOf(seconds, 'second');
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 90 ? countOf(minutes, 'minute') : countOf(Math.ceil(minutes / 60), 'hour');
}

/**
 * One number of decimals for a column of money: as many as a typical amount needs to show three digits, inside
 * the given bounds.
 */
export function decimalsFor(typical: Money | null, least: number, most: number): number {
  if (typical === null || typical === 0n) return least;
  const size = typical < 0n ? -typical : typical;
  const magnitude = size.toString().length - 1 - DECIMALS;
  return Math.min(most, Math.max(least, 2 - magnitude));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be made visible
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/g;
const SPACES_AT_ENDS = /^ +|(?<! ) +$/g;
const PICTURES: Readonly<Record<string, string>> = { '\n': '↵', '\r': '␍', '\t': '⇥' };

/**
 * Text from outside with what cannot be seen made visible: spaces at its ends as ␣, line ends as ↵, other control
 * characters by name.
 */
export function visibleText(text: string): string {
  return text
    .replace(SPACES_AT_ENDS, (spaces) => '␣'.repeat(spaces.length))
    .replace(INVISIBLE, (character) => {
      const code = character.charCodeAt(0);
      if (PICTURES[character]) return PICTURES[character];
      if (code < 0x20) return String.fromCharCode(0x2400 + code);
      return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`;
    });
}

const LONGEST_TITLE = 1_000;
const LONGEST_CELL = 300;

const cut = (text: string, most: number): string => {
  if (text.length <= most) return text;
  const end = text.charCodeAt(most - 1);
  return text.slice(0, end >= 0xd800 && end < 0xdc00 ? most - 1 : most);
};

/** Text for a tooltip: whole up to a length that a tooltip can show. */
export function titleText(text: string): string {
  if (text.length <= LONGEST_TITLE) return visibleText(text);
  return `${visibleText(cut(text, LONGEST_TITLE))}… (${countOf(text.length, 'character')})`;
}

/** Text for a cell: never more than a screen can show, whatever came from outside. */
export function cellText(text: string): string {
  return text.length <= LONGEST_CELL ? visibleText(text) : `${visibleText(cut(text, LONGEST_CELL))}…`;
}
