import { ArrowLeft, Copy } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { Filter, RowsAnswer } from '../../../shared/query.ts';
import { store } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import type { GridSort } from '../../components/data-grid/column.ts';
import { DataGrid } from '../../components/data-grid/data-grid.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { titleText } from '../../components/format.ts';
import { Page } from '../../components/page.tsx';
import { NO_USER_ABOUT, UserId } from '../../components/user-id.tsx';
import { namePart } from '../../export/names.ts';
import { isCovered } from '../../hooks/covered.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { clearFilters, scopeFilter, useFilters } from '../../hooks/filters.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { go } from '../../hooks/route.ts';
import type { WindowAnswer } from '../../hooks/row-windows.ts';
import { shownTable, useShowTable } from '../../hooks/shown-table.ts';
import { useRowWindows } from '../../hooks/use-row-windows.ts';
import { CoverageNote } from '../coverage/coverage-note.tsx';
import { DateRange } from '../frame/date-range.tsx';
import { ExportButton } from '../frame/export-button.tsx';
import { SourceFilter } from '../frame/source-filter.tsx';
import { SyncButton } from '../frame/sync-button.tsx';
import { RequestPanel } from './request-panel.tsx';
import {
  REQUEST_COLUMNS,
  type RequestColumn,
  type RequestRow,
  requestsColumns,
} from './requests-columns.tsx';
import { Summary } from './summary.tsx';
import { useUserFigures } from './user-figures.ts';
import styles from './user-view.module.css';

/** What the store knows this table's questions by. */
const ROWS = 'requests';
const VIEWS = [ROWS] as const;

const NEWEST_FIRST: GridSort = { by: 'created_at', descending: true };

interface Query {
  readonly filter: Filter;
  readonly sort: GridSort;
}

const isRequestColumn = (id: string): id is RequestColumn => REQUEST_COLUMNS.some((key) => key === id);

function askRequests(
  { filter, sort }: Query,
  offset: number,
  limit: number,
  view?: string,
): Promise<RowsAnswer> {
  const by = isRequestColumn(sort.by) ? sort.by : 'created_at';
  return store.rows(
    {
      filter,
      columns: REQUEST_COLUMNS,
      sort: { by, descending: sort.descending },
      offset,
      limit,
    },
    view,
  );
}

async function fetchRequests(
  query: Query,
  offset: number,
  limit: number,
): Promise<WindowAnswer<RequestRow, true>> {
  const { rows, count } = await askRequests(query, offset, limit, ROWS);
  return { rows, count, head: true };
}

const ID_PLACE = REQUEST_COLUMNS.indexOf('generation_id');
const idOf = (row: RequestRow): string => String(row[ID_PLACE]);

const back = () => go({ view: 'users' });

/** One user: what they spent, on which models, and every request of theirs. */
export function UserView({ user }: { readonly user: string | null }) {
  const { version } = useStatus();
  const { range, source } = useFilters();
  const [sort, setSort] = useState(NEWEST_FIRST);
  const filter = useMemo<Filter>(
    () => [...scopeFilter({ range, source }), { on: 'user', in: [user] }],
    [range, source, user],
  );
  const query = useMemo(() => ({ filter, sort }), [filter, sort]);
  const { rows, show } = useRowWindows(fetchRequests, query, version, true, VIEWS);
  const { answer, error } = useUserFigures(filter, version);
  const columns = useMemo(() => requestsColumns(answer?.figures ?? null), [answer]);
  const [opened, setOpened] = useState<string | null>(null);
  const table = useMemo(
    () =>
      shownTable(
        { name: 'Requests', stem: `whospent_requests_${namePart(user ?? 'no-user-id')}`, rows: rows.count },
        columns,
        async (offset, limit) => {
          const { rows, count, coverage } = await askRequests(query, offset, limit);
          return { rows, count, version: coverage.version };
        },
      ),
    [columns, rows.count, query, user],
  );
  useShowTable(table);
  useBackKeys();

  return (
    <Page
      lead={
        <Button look="plain" square aria-label="Back to users" autoFocus onPress={back}>
          <ArrowLeft size={15} aria-hidden="true" />
        </Button>
      }
      title={
        <span title={user === null ? NO_USER_ABOUT : titleText(user)}>
          <UserId id={user} />
        </span>
      }
      aside={
        user !== null && (
          <Button look="plain" square aria-label="Copy user id" onPress={() => attempt(copy(user))}>
            <Copy size={13} aria-hidden="true" />
          </Button>
        )
      }
      tools={
        <>
          <SourceFilter />
          <DateRange />
          <ExportButton />
          <SyncButton />
        </>
      }
    >
      {(rows.error ?? error) && (
        <div className={styles.error}>
          <ErrorNotice error={(rows.error ?? error)!} />
        </div>
      )}
      {answer && <Summary answer={answer} />}
      {rows.head !== null && rows.count === 0 && !rows.stale ? (
        <EmptyState
          title={source === null ? 'No requests in this date range' : 'No requests from this connection'}
          actions={
            (range !== null || source !== null) && <Button onPress={clearFilters}>Clear filters</Button>
          }
        >
          {source === null
            ? 'This user made no requests on these days (UTC).'
            : `Nothing of this user came from there${range === null ? '' : ' on these days (UTC)'}.`}
        </EmptyState>
      ) : (
        <>
          <DataGrid
            name="Requests"
            columns={columns}
            rows={rows}
            onShow={show}
            sort={sort}
            onSort={setSort}
            list={JSON.stringify([filter, sort])}
            onOpen={(row) => setOpened(idOf(row))}
          />
          <CoverageNote />
        </>
      )}
      <RequestPanel id={opened} onClose={() => setOpened(null)} />
    </Page>
  );
}

async function copy(user: string): Promise<void> {
  await navigator.clipboard.writeText(user);
  notifyDone('User id copied');
}

/** Escape and Alt+Left go back, unless something on top (a menu, a dialog) takes the key. */
function useBackKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const escapes = event.key === 'Escape' && !isCovered();
      const altLeft = event.key === 'ArrowLeft' && event.altKey;
      if (event.defaultPrevented || !(escapes || altLeft)) return;
      event.preventDefault();
      back();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
