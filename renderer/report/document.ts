/** A report as one HTML document that brings everything along: no script, no network. */
import { formatExact, formatMoney, roundTo } from '../../shared/money.ts';
import { type AggregateValue, asMoney } from '../../shared/query.ts';
import { formatDay, formatDays, formatTime, startOfDay } from '../../shared/time.ts';
import { countOf, formatCount, formatShare, UNKNOWN, visibleText } from '../components/format.ts';
import { barChart, barsOf } from './chart.ts';
import type { Breakdown, Figures, Line, ReportFacts } from './facts.ts';
import { html, Markup } from './markup.ts';

/** How it looks, as the text of a style sheet. */
export interface ReportLook {
  readonly css: string;
}

/** Decimals of money: as many as OpenRouter's own exports have at least. */
const DECIMALS = 6;
/** Days with a line each; more are in the chart and in the CSV. */
const MOST_DAY_LINES = 62;
/** Longer ids are cut: they would push the figures off the page. */
const LONGEST_NAME = 120;

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";

/** The document. Names from outside are text, whatever they hold. */
export function reportHtml(facts: ReportFacts, { css }: ReportLook): string {
  const title = titleOf(facts);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="generator" content="Whospent ${facts.appVersion}">
<title>${title} · ${facts.period}</title>
<style>${new Markup(css)}</style>
</head>
<body>
<main>
${header(facts)}
${facts.partial.length > 0 && partial(facts)}
${totalFigures(facts)}
${chart(facts)}
${facts.users && breakdown('Spend by user', 'User', 'user', 'No user id', facts.users)}
${breakdown('Spend by model', 'Model', 'model', 'Model not known', facts.models)}
${facts.user && dayLines(facts)}
${method(facts)}
</main>
</body>
</html>
`.text;
}

function titleOf({ user }: ReportFacts): string {
  if (user === null) return 'OpenRouter usage';
  return `OpenRouter usage of ${user.id === null ? 'requests without a user id' : name(user.id)}`;
}

const name = (text: string): string => {
  const visible = visibleText([...text].slice(0, LONGEST_NAME).join(''));
  return [...text].length > LONGEST_NAME ? `${visible}…` : visible;
};

function header(facts: ReportFacts): Markup {
  const { user, sample, filters, madeAt } = facts;
  const users = filters.length > 0 ? 'Users' : 'All users';
  return html`<header>
<p class="kind">OpenRouter usage report${sample && html` <span class="sample">made-up sample data</span>`}</p>
<h1>${user === null ? users : user.id === null ? 'Requests without a user id' : html`<bdi>${name(user.id)}</bdi>`}</h1>
<dl class="facts">
<div><dt>Period</dt><dd>${periodOf(facts)}</dd></div>
<div><dt>Zone</dt><dd>${facts.zone} days</dd></div>
${filters.length > 0 && html`<div><dt>Filters</dt><dd>${filters.map((words, i) => [i > 0 && html`<br>`, html`<bdi>${name(words)}</bdi>`])}</dd></div>`}
<div><dt>Made</dt><dd>${formatTime(madeAt)} UTC</dd></div>
</dl>
</header>`;
}

function periodOf({ range, period, coverage: { from, to } }: ReportFacts): string {
  if (range !== null || from === null || to === null) return period;
  // Today belongs to all time before anything of it is stored: what is said to be missing must lie in the period.
  return `${period} (stored: ${formatDays(from, to)})`;
}

function partial({ partial: reasons, gaps }: ReportFacts): Markup {
  return html`<aside class="partial">
<p><strong>Not everything of this period is in this report.</strong> ${reasons.join('. ')}.${gaps !== '' && html` Days that are not complete: ${dates(gaps)}.`}</p>
</aside>`;
}

/** Dates that are not broken over two lines. */
const dates = (words: string): Markup[] =>
  words.split(', ').map((one, i) => html`${i > 0 && ', '}<span class="date">${one}</span>`);

function totalFigures({ totals: values }: ReportFacts): Markup {
  const requests = Number(values.requests.value ?? 0);
  const figure = (label: string, value: AggregateValue, shown: Markup) =>
    html`<div><dt>${label}</dt><dd>${shown}</dd>${known(value, requests)}</div>`;
  return html`<section class="totals" aria-label="Totals">
<dl class="main">
${figure('Spend', values.spend, money(values.spend))}
${figure('Credits', values.credits, money(values.credits))}
${figure('BYOK', values.byok, money(values.byok))}
${figure('Requests', values.requests, count(values.requests))}
</dl>
<dl>
${figure('Prompt tokens', values.prompt, count(values.prompt))}
${figure('of these cached', values.cached, count(values.cached))}
${figure('Completion tokens', values.completion, count(values.completion))}
${figure('of these reasoning', values.reasoning, count(values.reasoning))}
</dl>
${exactly(values.spend)}
</section>`;
}

/** The spend to its last digit, where that is more than the figures above show. */
function exactly({ value }: AggregateValue): Markup | null {
  if (typeof value !== 'bigint' || roundTo(value, DECIMALS) === value) return null;
  return html`<p class="note exact">The spend to its last digit: <span class="money">${formatExact(value)}</span></p>`;
}

/** On how many requests a figure rests, when not on all. */
function known({ known: rows }: AggregateValue, requests: number): Markup | null {
  return rows < requests
    ? html`<dd class="note">known for ${formatCount(rows)} of ${formatCount(requests)} requests</dd>`
    : null;
}

/** An amount with its cents in full ink and what is finer behind them in grey; exact as a tooltip. */
function money({ value }: AggregateValue): Markup {
  if (typeof value !== 'bigint') return html`<span class="unknown">${UNKNOWN}</span>`;
  const text = formatMoney(value, DECIMALS);
  const cents = text.indexOf('.') + 3;
  return html`<span class="money" title="${formatExact(value)}">${text.slice(0, cents)}<span class="fine">${text.slice(cents)}</span></span>`;
}

function count({ value, known: rows }: AggregateValue): Markup {
  return typeof value === 'number' && rows > 0
    ? html`${formatCount(value)}`
    : html`<span class="unknown">${UNKNOWN}</span>`;
}

function share({ value }: AggregateValue): string {
  return typeof value === 'number' ? formatShare(value) : UNKNOWN;
}

function chart({ days, range, coverage: { from, to }, gapDays, madeAt }: ReportFacts): Markup | null {
  const first = range?.first ?? (from === null ? null : startOfDay(from));
  const last = Math.min(
    range?.last ?? (to === null ? 0 : startOfDay(to)),
    Math.max(startOfDay(madeAt), to ?? 0),
  );
  if (first === null || days.length === 0) return null;
  const amounts = new Map(days.map(({ day, values }) => [day, asMoney(values.spend)]));
  const { unit, bars } = barsOf(amounts, first, last, new Set(gapDays));
  const title = `Spend by ${unit}`;
  const open = bars.some(({ incomplete, amount }) => incomplete && amount !== null);
  return html`<section>
<h2>${title}</h2>
<figure>${barChart(title, bars)}
${open && html`<figcaption><span class="swatch"></span>Lighter: not all of this ${unit} is known.</figcaption>`}</figure>
</section>`;
}

function breakdown(
  title: string,
  heading: string,
  one: string,
  unknown: string,
  { lines, other, total }: Breakdown,
): Markup {
  const cells = (values: Line) => html`<td>${count(values.requests)}</td>
<td>${count(values.prompt)}</td><td>${count(values.completion)}</td>
<td>${share(values.share)}</td><td class="amount">${money(values.spend)}</td>`;
  return html`<section>
<h2>${title}</h2>
<table>
<thead><tr><th scope="col">${heading}</th><th scope="col">Requests</th><th scope="col">Prompt<br>tokens</th><th scope="col">Completion<br>tokens</th><th scope="col">Share</th><th scope="col">Spend</th></tr></thead>
<tbody>
${lines.map(({ name: its, values }) => html`<tr><th scope="row">${its === null ? html`<em>${unknown}</em>` : html`<bdi>${name(its)}</bdi>`}</th>${cells(values)}</tr>\n`)}
${other && html`<tr class="other"><th scope="row">${otherWords(other.values, one)}</th>${cells(other.values)}</tr>`}
</tbody>
<tfoot><tr><th scope="row">Total <span class="muted">${countOf(namesOf(total), one)}</span></th>${cells(total)}</tr></tfoot>
</table>
</section>`;
}

const namesOf = ({ names }: Line): number => Number(names.value ?? 0);

/** Some of the others may not be known by a name. */
function otherWords(values: Line, one: string): string {
  const names = countOf(namesOf(values), `other ${one}`);
  const nameless = Number(values.requests.value ?? 0) - values.names.known;
  return nameless > 0 ? `${names}, and ${countOf(nameless, 'request')} without one` : names;
}

function dayLines({ days, totals }: ReportFacts): Markup | null {
  if (days.length === 0 || days.length > MOST_DAY_LINES) return null;
  const cells = (values: Figures) => html`<td>${count(values.requests)}</td>
<td>${count(values.prompt)}</td><td>${count(values.completion)}</td>
<td>${money(values.credits)}</td><td>${money(values.byok)}</td><td class="amount">${money(values.spend)}</td>`;
  return html`<section>
<h2>Days</h2>
<table>
<thead><tr><th scope="col">Day (UTC)</th><th scope="col">Requests</th><th scope="col">Prompt<br>tokens</th><th scope="col">Completion<br>tokens</th><th scope="col">Credits</th><th scope="col">BYOK</th><th scope="col">Spend</th></tr></thead>
<tbody>
${days.map(({ day, values }) => html`<tr><th scope="row">${formatDay(day)}</th>${cells(values)}</tr>\n`)}
</tbody>
<tfoot><tr><th scope="row">Total <span class="muted">${countOf(days.length, 'day')}</span></th>${cells(totals)}</tr></tfoot>
</table>
</section>`;
}

function method(facts: ReportFacts): Markup {
  const { coverage, madeAt, appVersion, partial: reasons, zone } = facts;
  const { rows, from, to, version } = coverage;
  return html`<section class="method">
<h2>How these figures were computed</h2>
<ul>
<li><strong>Spend = credits + BYOK</strong>, as on OpenRouter’s activity page: what OpenRouter charged in credits, and what providers charged own keys.</li>
<li><strong>Exact decimals.</strong> Costs are added as integers of 10<sup>−24</sup> dollars, never as binary fractions. What is shown is rounded to six decimals only after adding, so a column of rounded amounts may differ from its total in the last digit; the exact amounts are in the CSV export${' '}(and behind each amount in the HTML report).</li>
<li><strong>Unknown is not 0.</strong> A figure that no request knows is shown as “${UNKNOWN}”; a figure that only some know says on how many it rests.</li>
<li><strong>Days are ${zone} days</strong>, as OpenRouter bills them.</li>
<li><strong>One request counts once</strong>, by its generation id, from however many sources it came.</li>
<li>${reasons.length === 0 ? 'No day of the period is known to be incomplete.' : 'The period is not complete; see the top of the first page.'}</li>
</ul>
<p class="made">Rests on ${countOf(rows, 'request')}${from !== null && to !== null && ` made from ${formatTime(from)} to ${formatTime(to)} UTC`}. Data as of ${formatTime(madeAt)} UTC, version ${formatCount(version)} of the store. Made with Whospent ${appVersion} on the maker’s own computer; not made by OpenRouter.</p>
</section>`;
}
