/**
 * Numbers as spreadsheets write them: decimal commas, thousands separators. One figure alone may be read in two
 * ways (`1,234` is 1.234 or 1234), so a column, or the file, has to prove which it is; nothing is guessed.
 */

export type DecimalSign = '.' | ',';

/** How sure the decimal sign is: proved by a cell, or only the custom of files with this delimiter. */
export interface NumberStyle {
  readonly sign: DecimalSign | null;
  readonly proved: boolean;
  /**
   * Whole numbers, whose column does not prove the sign itself: three digits behind one separator are thousands to
   * whoever wrote them, or decimals that a spreadsheet added. Only the first goes without proof.
   */
  readonly whole?: boolean;
}

/** A plain number: digits, perhaps a decimal point and an exponent. */
const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** The same with a decimal comma, as most cells are in a file that has them. */
const COMMA = /^[+-]?\d+,\d+(?:[eE][+-]?\d+)?$/;
/** A fraction of three digits, or thousands. */
const THREE_BEHIND = /^[+\-−]?[1-9]\d{0,2}([.,])\d{3}$/;
/** Sign, digits with separators, exponent. */
const WRITTEN = /^([+\-−]?)(\d[\d.,\s'’]*|[.,]\d+)((?:[eE][+-]?\d+)?)$/;
/** What separates thousands and never a fraction. */
const SPACES = /[\s'’]/;

/** The decimal sign that a cell can only be written with; null where it says nothing. */
export function proofOf(cell: string): DecimalSign | null {
  if (!cell.includes(',') && !cell.includes('.')) return null;
  const match = WRITTEN.exec(cell.trim());
  if (!match) return null;
  const [, , body = '', exponent = ''] = match;
  const [dots, commas] = [body.split('.').length - 1, body.split(',').length - 1];
  if (dots > 0 && commas > 0) {
    const sign = body.lastIndexOf('.') > body.lastIndexOf(',') ? '.' : ',';
    return (sign === '.' ? dots : commas) === 1 && isGrouped(body, sign) ? sign : null;
  }
  const sign = dots > 0 ? '.' : ',';
  if (dots + commas > 1) return isGrouped(body, other(sign)) ? other(sign) : null;
  const [whole = '', fraction = ''] = body.split(sign);
  if (SPACES.test(whole) && isGrouped(body, sign)) return sign;
  const couldBeThousands = fraction.length === 3 && /^[1-9]\d{0,2}$/.test(whole) && exponent === '';
  return couldBeThousands ? null : sign;
}

const other = (sign: DecimalSign): DecimalSign => (sign === '.' ? ',' : '.');

/** Whether the part before the decimal sign is in threes, by one separator that is not the sign. */
function isGrouped(body: string, sign: DecimalSign): boolean {
  const [whole = '', ...fractions] = body.split(sign);
  if (fractions.length > 1 || /\D/.test(fractions[0] ?? '')) return false;
  return /^\d{1,3}([.,\s'’])\d{3}(?:\1\d{3})*$/.test(whole);
}

/** Why a cell cannot be read. */
export interface Problem {
  readonly problem: string;
}

const SEPARATOR = /[.,\s'’−]/;
const TWO_WAYS: Problem = { problem: 'can be read in two ways, and nothing in its column tells which' };

/** Reads a cell in a style. @returns plain decimal text, or why it cannot be read. */
export function plainNumber(cell: string, style: NumberStyle): string | Problem {
  if (!SEPARATOR.test(cell)) return cell;
  const text = cell.trim();
  if (style.whole && style.sign !== null && THREE_BEHIND.exec(text)?.[1] === style.sign) return TWO_WAYS;
  if (style.sign === '.' && PLAIN.test(text)) return text;
  if (style.sign === ',' && style.proved && COMMA.test(text)) return text.replace(',', '.');
  const match = WRITTEN.exec(text);
  if (!match) return text;
  const [, minus = '', body = '', exponent = ''] = match;
  const own = proofOf(text);
  const known = style.proved ? style.sign : null;
  if (own !== null && known !== null && own !== known) {
    const name = { '.': 'point', ',': 'comma' } as const;
    return { problem: `is written with a decimal ${name[own]}, its column with a ${name[known]}` };
  }
  const sign = own ?? known ?? (/[.,]/.test(body) ? null : '.');
  if (sign === null) return TWO_WAYS;
  const [whole = '', ...fractions] = body.split(sign);
  const isNumber = fractions.length < 2 && (/^\d*$/.test(whole) || isGrouped(body, sign));
  return isNumber ? plain(minus, body, exponent, sign) : { problem: 'is not a number' };
}

function plain(minus: string, body: string, exponent: string, sign: DecimalSign): string {
  const [whole = '', fraction = ''] = body.split(sign);
  const digits = whole.replace(/\D/g, '') || '0';
  return `${minus === '−' ? '-' : minus}${digits}${fraction === '' ? '' : `.${fraction}`}${exponent}`;
}

/** What the cells of a column prove; `null` where they prove nothing. */
export function signOf(cells: Iterable<string>): DecimalSign | 'both' | null {
  let found: DecimalSign | null = null;
  for (const cell of cells) {
    const proof = proofOf(cell);
    if (proof === null || proof === found) continue;
    if (found !== null) return 'both';
    found = proof;
  }
  return found;
}
