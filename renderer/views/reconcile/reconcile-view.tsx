import { Check, RefreshCw, TriangleAlert } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { AccountTotals, Connection } from '../../../shared/ipc.ts';
import { formatExact, formatMoney, parseMoney } from '../../../shared/money.ts';
import { formatDay } from '../../../shared/time.ts';
import { Button, TextButton } from '../../components/button.tsx';
import { DisclosureButton } from '../../components/disclosure-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { CountText, MoneyText } from '../../components/figures.tsx';
import { cellText, formatAgo, titleText } from '../../components/format.ts';
import { LinkOut } from '../../components/link-out.tsx';
import { Page } from '../../components/page.tsx';
import { Segments } from '../../components/segments.tsx';
import { askTotals, useLocalSums, useTotals } from '../../hooks/account-totals.ts';
import { useConnections } from '../../hooks/connections.ts';
import { coverageDay } from '../../hooks/coverage.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { isSameSource, useFilters } from '../../hooks/filters.ts';
import { attempt } from '../../hooks/notices.ts';
import {
  activityDays,
  type Comparison,
  type DayComparison,
  fromActivity,
  reconcile,
} from '../../hooks/reconcile.ts';
import { go } from '../../hooks/route.ts';
import { useConnectionCoverage, useCoverage } from '../../hooks/use-coverage.ts';
import { useNow } from '../../hooks/use-now.ts';
import { STATE_WORDS } from '../coverage/coverage-words.ts';
import { SyncButton } from '../frame/sync-button.tsx';
import styles from './reconcile-view.module.css';
import { gapShare, gapText, hints, verdict } from './reconcile-words.ts';

/** What is stored beside what OpenRouter adds up itself. */
export function ReconcileView() {
  const connections = useConnections() ?? [];
  const { dataset } = useStatus();
  const { source } = useFilters();
  const managing = connections.filter(({ kind }) => kind === 'management');
  const [picked, setPicked] = useState<string | null>(null);
  const filtered = managing.find(({ id }) => isSameSource(source, { connectionId: id }));
  const connection = managing.find(({ id }) => id === picked) ?? filtered ?? managing[0];
  return (
    <Page
      title="Reconciliation"
      tools={
        <>
          {managing.length > 1 && connection && (
            <Segments
              label="Connection"
              choices={managing.map(({ id, label }) => [id, label] as const)}
              value={connection.id}
              onChange={setPicked}
            />
          )}
          {connection && dataset === 'account' && <AskAgain connection={connection} />}
          <SyncButton />
        </>
      }
    >
      {dataset === 'sample' ? (
        <EmptyState title="Sample data have no account">
          With a management key, the sums stored here are laid beside OpenRouter’s own, day by day.
        </EmptyState>
      ) : connection ? (
        <Account key={connection.id} connection={connection} />
      ) : (
        <NoManagementKey connected={connections.length > 0} />
      )}
    </Page>
  );
}

function NoManagementKey({ connected }: { readonly connected: boolean }) {
  return (
    <EmptyState
      title={connected ? 'An inference key cannot see OpenRouter’s totals' : 'No management key is connected'}
      actions={<Button onPress={() => go({ view: 'settings' })}>Open Settings</Button>}
    >
      OpenRouter shows what an account spent in all only to{' '}
      <LinkOut to="managementKeys">management keys</LinkOut>. Add one as another connection, and the sums
      stored here are laid beside OpenRouter’s own, day by day.
    </EmptyState>
  );
}

function AskAgain({ connection }: { readonly connection: Connection }) {
  const { asking, at } = useTotals(connection);
  const now = useNow();
  return (
    <>
      {at !== null && <span className={styles.asked}>Totals from {formatAgo(at, now)}</span>}
      <Button isDisabled={asking} onPress={() => attempt(askTotals(connection.id))}>
        <RefreshCw size={14} aria-hidden="true" />
        {asking ? 'Asking…' : 'Ask again'}
      </Button>
    </>
  );
}

function Account({ connection }: { readonly connection: Connection }) {
  const { totals, error, asking } = useTotals(connection);
  return (
    <div className={styles.scroll}>
      {error && (
        <div className={styles.error}>
          <ErrorNotice error={error}>
            <TextButton isDisabled={asking} onPress={() => attempt(askTotals(connection.id))}>
              Ask again
            </TextButton>
          </ErrorNotice>
        </div>
      )}
      {totals ? (
        <Compared connection={connection} totals={totals} />
      ) : (
        !error && <p className={styles.waiting}>Asking OpenRouter for its totals…</p>
      )}
    </div>
  );
}

function Compared({
  connection,
  totals,
}: {
  readonly connection: Connection;
  readonly totals: AccountTotals;
}) {
  const { version } = useStatus();
  const [there, range] = useMemo(() => {
    const sums = fromActivity(totals.activity);
    return [sums, activityDays(sums, Date.now())] as const;
  }, [totals]);
  const here = useLocalSums(connection.id, range, version);
  const result = useMemo(() => here && reconcile(here, there, range), [here, there, range]);
  const facts = useConnectionCoverage(useCoverage(), connection.id);
  if (!result) return null;
  return (
    <>
      <section className={styles.verdict} data-ties={result.ties || undefined} aria-label="Verdict">
        {result.ties ? (
          <Check className={styles.mark} size={16} aria-hidden="true" />
        ) : (
          <TriangleAlert className={styles.mark} size={16} aria-hidden="true" />
        )}
        <div className={styles.words}>
          <p role="status" className={styles.line}>
            {verdict(result)}
          </p>
          {hints(result, facts).map(({ text, coverage }) => (
            <p key={text} className={styles.muted}>
              {text}{' '}
              {coverage && <TextButton onPress={() => go({ view: 'coverage' })}>Show coverage</TextButton>}
            </p>
          ))}
          <p className={styles.muted}>
            {formatDay(range.first)} – {formatDay(range.last)}, UTC days that are over. Exact gap:{' '}
            <span className={styles.exact}>{formatExact(result.gap)}</span>
          </p>
        </div>
        {totals.credits && <Credits credits={totals.credits} />}
      </section>
      <table className={styles.table} aria-label="Days">
        <thead>
          <tr className={styles.groups}>
            <th />
            <th colSpan={3} scope="colgroup">
              Requests
            </th>
            <th colSpan={2} scope="colgroup">
              Credits
            </th>
            <th colSpan={2} scope="colgroup">
              BYOK
            </th>
            <th colSpan={3} scope="colgroup">
              Spend, here − there
            </th>
          </tr>
          <tr className={styles.head}>
            <th scope="col">Day</th>
            <th scope="col">here</th>
            <th scope="col">there</th>
            <th scope="col">gap</th>
            <th scope="col">here</th>
            <th scope="col">there</th>
            <th scope="col">here</th>
            <th scope="col">there</th>
            <th scope="col">gap, $</th>
            <th scope="col">gap, %</th>
            <th scope="col">result</th>
          </tr>
        </thead>
        {result.days.map((day) => (
          <DayRows
            key={day.day}
            day={day}
            state={facts ? STATE_WORDS[coverageDay(facts, day.day).state].inText : null}
          />
        ))}
        <tfoot>
          <tr className={styles.total}>
            <th scope="row">Total</th>
            <Figures compared={result} />
          </tr>
        </tfoot>
      </table>
    </>
  );
}

function Credits({ credits }: { readonly credits: NonNullable<AccountTotals['credits']> }) {
  const [bought, used] = [parseMoney(credits.bought) ?? 0n, parseMoney(credits.used) ?? 0n];
  const figures = [
    ['Credits bought', bought],
    ['Used', used],
    ['Left', bought - used],
  ] as const;
  return (
    <dl className={styles.credits} aria-label="Credits">
      {figures.map(([label, amount]) => (
        <div key={label} title={formatExact(amount)}>
          <dt>{label}</dt>
          <dd>{formatMoney(amount)}</dd>
        </div>
      ))}
    </dl>
  );
}

function DayRows({ day, state }: { readonly day: DayComparison; readonly state: string | null }) {
  const [open, setOpen] = useState(false);
  const label = formatDay(day.day);
  return (
    <tbody data-ties={day.ties || undefined}>
      <tr className={styles.row}>
        <th scope="row">
          <DisclosureButton
            isOpen={open}
            onChange={setOpen}
            label={`Models of ${label}`}
            isDisabled={day.models.length === 0}
          >
            {label}
          </DisclosureButton>
          {state !== null && state !== 'complete' && <span className={styles.state}>{state}</span>}
        </th>
        <Figures compared={day} />
      </tr>
      {open &&
        day.models.map((model) => (
          <tr key={model.model ?? ''} className={styles.model}>
            <th scope="row" title={model.model === null ? 'not known' : titleText(model.model)}>
              {model.model === null ? 'Model not known' : cellText(model.model)}
            </th>
            <Figures compared={model} />
          </tr>
        ))}
    </tbody>
  );
}

/** The cells behind a row's name. */
function Figures({ compared }: { readonly compared: Comparison }) {
  const { here, there, gap, ties, requestGap } = compared;
  return (
    <>
      <td>
        <CountText count={here.requests} />
      </td>
      <td>
        <CountText count={there.requests} />
      </td>
      <td data-off={requestGap !== 0 || undefined}>{signed(requestGap)}</td>
      <td title={formatExact(here.credits)}>
        <MoneyText amount={here.credits} decimals={4} />
      </td>
      <td title={formatExact(there.credits)}>
        <MoneyText amount={there.credits} decimals={4} />
      </td>
      <td title={formatExact(here.byok)}>
        <MoneyText amount={here.byok} decimals={4} />
      </td>
      <td title={formatExact(there.byok)}>
        <MoneyText amount={there.byok} decimals={4} />
      </td>
      <td
        title={`${formatExact(gap)}${ties && gap !== 0n ? '\nwithin the rounding of the API’s numbers' : ''}`}
        data-zero={ties || undefined}
      >
        {gapText(compared)}
      </td>
      <td data-zero={ties || undefined}>{gapShare(compared)}</td>
      <td className={styles.result} data-off={!ties || undefined}>
        {ties ? (
          <>
            <Check size={13} aria-hidden="true" /> ties
          </>
        ) : (
          <>
            <TriangleAlert size={13} aria-hidden="true" /> gap
          </>
        )}
      </td>
    </>
  );
}

const signed = (count: number) =>
  count === 0 ? (
    <CountText count={0} />
  ) : (
    `${count > 0 ? '+' : '−'}${Math.abs(count).toLocaleString('en-US')}`
  );
