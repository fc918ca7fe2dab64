import type { ReactNode } from 'react';
import { formatMoney } from '../../../shared/money.ts';
import { type AggregateValue, asMoney, asNames, asNumber, textKey } from '../../../shared/query.ts';
import {
  CountText,
  countTitle,
  DayText,
  MoneyText,
  moneyTitle,
  ShareText,
  shareTitle,
  timeTitle,
} from '../../components/figures.tsx';
import { cellText, countOf, decimalsFor, formatCount, titleText } from '../../components/format.ts';
import styles from './summary.module.css';
import type { ModelFigures, UserAnswer } from './user-figures.ts';

/** A user's figures, and the models that the spend went to. */
export function Summary({ answer }: { readonly answer: UserAnswer }) {
  const { figures, models, modelCount } = answer;
  const requests = asNumber(figures.requests) ?? 0;
  const spend = asMoney(figures.spend);
  const average = asMoney(figures.average);
  const count = (label: string, value: AggregateValue) => (
    <Figure label={label} title={countTitle(value, requests)}>
      <CountText count={asNumber(value)} />
    </Figure>
  );
  return (
    <section className={styles.summary} aria-label="Summary">
      <dl className={styles.figures}>
        <Figure label="Spend" title={moneyTitle(figures.spend, requests)}>
          <MoneyText amount={spend} decimals={decimalsFor(spend, 2, 4)} />
        </Figure>
        {count('Requests', figures.requests)}
        <Figure label="Avg / request" title={moneyTitle(figures.average, requests)}>
          <MoneyText amount={average} decimals={decimalsFor(average, 4, 6)} />
        </Figure>
        {count('Prompt tokens', figures.prompt)}
        {count('Completion tokens', figures.completion)}
        {count('Reasoning tokens', figures.reasoning)}
        {count('Cached tokens', figures.cached)}
        <Figure label="Models" title={asNames(figures.modelNames).map(titleText).join('\n')}>
          <CountText count={asNumber(figures.models)} />
        </Figure>
        <Figure label="First seen (UTC)" title={timeTitle(figures.first)}>
          <DayText time={asNumber(figures.first)} />
        </Figure>
        <Figure label="Last seen (UTC)" title={timeTitle(figures.last)}>
          <DayText time={asNumber(figures.last)} />
        </Figure>
      </dl>
      {modelCount > 1 && <Models models={models} count={modelCount} />}
    </section>
  );
}

function Figure({
  label,
  title,
  children,
}: {
  readonly label: string;
  readonly title: string;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.figure} title={title}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Models({ models, count }: { readonly models: readonly ModelFigures[]; readonly count: number }) {
  const most = models.reduce((most, { values }) => Math.max(most, asNumber(values.share) ?? 0), 0);
  const decimals = decimalsFor(models[0] ? asMoney(models[0].values.spend) : null, 2, 4);
  return (
    <table className={styles.models} aria-label="Spend by model">
      <tbody>
        {models.map((model) => {
          const { values } = model;
          const key = textKey(model);
          const requests = asNumber(values.requests) ?? 0;
          const spend = asMoney(values.spend);
          return (
            <tr key={key ?? ''}>
              <th scope="row" title={key === null ? 'not known' : titleText(key)}>
                {key === null ? 'Model not known' : cellText(key)}
              </th>
              <td className={styles.share} title={shareTitle(values.share, requests)}>
                <ShareText share={asNumber(values.share)} most={most} />
              </td>
              <td className={styles.amount} title={moneyTitle(values.spend, requests)}>
                {spend === null ? '–' : formatMoney(spend, decimals)}
              </td>
              <td className={styles.amount}>{countOf(requests, 'request')}</td>
            </tr>
          );
        })}
        {count > models.length && (
          <tr>
            <td colSpan={4} className={styles.more}>
              and {formatCount(count - models.length)} more
            </td>
          </tr>
        )}
      </tbody>
    </table>
  );
}
