import { useMemo } from 'react';
import { type AggregateValue, asNumber, type Filter, textKey } from '../../../shared/query.ts';
import { Button } from '../../components/button.tsx';
import type { GridSort } from '../../components/data-grid/column.ts';
import { DataGrid } from '../../components/data-grid/data-grid.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { FilesTrigger } from '../../components/files.tsx';
import { countOf } from '../../components/format.ts';
import { LinkOut } from '../../components/link-out.tsx';
import { Page } from '../../components/page.tsx';
import { askGroups } from '../../hooks/ask.ts';
import { useConnections } from '../../hooks/connections.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { clearFilters, type Filters, hasFilters, toFilter, useFilters } from '../../hooks/filters.ts';
import { useImports } from '../../hooks/imports.ts';
import { lists } from '../../hooks/lists.ts';
import { useLookUps } from '../../hooks/look-ups.ts';
import { go } from '../../hooks/route.ts';
import type { WindowAnswer } from '../../hooks/row-windows.ts';
import { shownTable, useShowTable } from '../../hooks/shown-table.ts';
import { useSync } from '../../hooks/sync.ts';
import { isSyncing } from '../../hooks/sync-view.ts';
import { useRowWindows } from '../../hooks/use-row-windows.ts';
import { CoverageNote } from '../coverage/coverage-note.tsx';
import { DateRange } from '../frame/date-range.tsx';
import { ExportButton } from '../frame/export-button.tsx';
import { SearchBox } from '../frame/search-box.tsx';
import { SourceFilter } from '../frame/source-filter.tsx';
import { SyncButton } from '../frame/sync-button.tsx';
import { openLookUps } from '../look-ups/look-ups-dialog.tsx';
import { nothingFoundWords } from './nothing-found-words.ts';
import { type UsersHead, usersColumns } from './users-columns.tsx';
import { SCREEN_AGGREGATES, storeSort, USER_AGGREGATES, type UserRow, usersQuery } from './users-query.ts';
import { setUsersSort, useUsersSort } from './users-sort.ts';
import styles from './users-view.module.css';

interface Query {
  readonly filter: Filter;
  readonly sort: GridSort;
}

/** What the store knows this table's questions by. */
const ROWS = 'users';
const TOP = 'users: top share';
const VIEWS = [ROWS, TOP] as const;

async function fetchUsers(
  { filter, sort }: Query,
  offset: number,
  limit: number,
): Promise<WindowAnswer<UserRow, UsersHead>> {
  const answer = await askGroups(usersQuery(filter, SCREEN_AGGREGATES, storeSort(sort), offset, limit), ROWS);
  const topIsHere = offset === 0 && sort.by === 'spend' && sort.descending;
  const top = topIsHere ? answer.groups[0]?.values.share : await fetchTopShare(filter);
  return {
    rows: answer.groups,
    count: answer.count,
    head: {
      totals: answer.totals,
      groups: answer.count,
      mostShare: (top && asNumber(top)) ?? 0,
    },
  };
}

/** The share of the user with the largest spend: the measure of all bars. */
async function fetchTopShare(filter: Filter): Promise<AggregateValue | undefined> {
  const { spend, share } = USER_AGGREGATES;
  const query = usersQuery<'spend' | 'share'>(
    filter,
    { spend, share },
    { by: 'spend', descending: true },
    0,
    1,
  );
  return (await askGroups(query, TOP)).groups[0]?.values.share;
}

const markUser = (row: UserRow) => ({
  user: (textKey(row) ?? '').slice(0, 200),
  quiet: textKey(row) === null,
});
const openUser = (row: UserRow) => go({ view: 'user', user: textKey(row) });

/** The users table: who spent what. */
export function UsersView({ active }: { readonly active: boolean }) {
  const { dataset, version, rows: stored } = useStatus();
  const filters = useFilters();
  const { range, search, source } = filters;
  const sort = useUsersSort();
  const filter = useMemo(() => toFilter({ range, search, source }), [range, search, source]);
  const query = useMemo(() => ({ filter, sort, dataset }), [filter, sort, dataset]);
  // Under the dialog of an import nobody reads the table, and the store has better things to do.
  const importing = useImports().phase === 'running';
  const { rows, show } = useRowWindows(fetchUsers, query, version, active && !importing, VIEWS);
  const columns = useMemo(() => usersColumns(rows.head), [rows.head]);
  const table = useMemo(
    () =>
      shownTable(
        { name: 'Users', stem: 'whospent_users', rows: rows.count },
        columns,
        async (offset, limit) => {
          const answer = await askGroups(
            usersQuery(filter, SCREEN_AGGREGATES, storeSort(sort), offset, limit),
          );
          return { rows: answer.groups, count: answer.count, version: answer.coverage.version };
        },
      ),
    [columns, rows.count, filter, sort],
  );
  useShowTable(table);

  return (
    <Page
      title="Users"
      tools={
        <>
          <SearchBox />
          <SourceFilter />
          <DateRange />
          <ExportButton />
          <SyncButton />
        </>
      }
    >
      {rows.error && (
        <div className={styles.error}>
          <ErrorNotice error={rows.error} />
        </div>
      )}
      <NoUserIds head={rows.head} />
      {stored === 0 ? (
        <NothingStored />
      ) : rows.head !== null && rows.count === 0 && !rows.stale ? (
        <NothingFound filters={filters} />
      ) : (
        <>
          <DataGrid
            name="Users"
            columns={columns}
            rows={rows}
            onShow={show}
            sort={sort}
            onSort={setUsersSort}
            list={JSON.stringify([dataset, filter, sort])}
            onOpen={openUser}
            mark={markUser}
          />
          <CoverageNote />
        </>
      )}
    </Page>
  );
}

function NoUserIds({ head }: { readonly head: UsersHead | null }) {
  const requests = head ? (asNumber(head.totals.requests) ?? 0) : 0;
  if (!head || requests === 0 || (asNumber(head.totals.users) ?? 0) > 0) return null;
  return (
    <aside className={styles.hint}>
      <p>
        <strong>None of these {countOf(requests, 'request')} carries a user id.</strong> OpenRouter can only
        tell users apart when each request says who it is for: send your own id of the end user in the
        request’s <code>user</code>. From then on every new request appears under its user.
      </p>
      <LinkOut to="userTracking">How to send user ids</LinkOut>
    </aside>
  );
}

function NothingStored() {
  const syncing = isSyncing(useSync());
  const looking = useLookUps().phase === 'running';
  const connections = useConnections() ?? [];
  const [first] = connections;
  if (syncing || looking) {
    return (
      <EmptyState title="Waiting for the first generations">
        The table fills while the {syncing ? 'sync' : 'look-up'} runs.
      </EmptyState>
    );
  }
  if (first && !connections.some(lists)) {
    return (
      <EmptyState
        title="This key looks up generations by their ids"
        actions={
          <>
            <Button look="primary" onPress={() => openLookUps(first.id)}>
              Look up ids
            </Button>
            <FilesTrigger />
          </>
        }
      >
        OpenRouter does not list generations for it. Your own logs hold their ids; or import an activity CSV.
      </EmptyState>
    );
  }
  return (
    <EmptyState title="No requests yet" actions={<FilesTrigger />}>
      Nothing is stored. Sync your connection, or import an activity CSV.
    </EmptyState>
  );
}

function NothingFound({ filters }: { readonly filters: Filters }) {
  return (
    <EmptyState
      title="No requests match"
      actions={hasFilters(filters) && <Button onPress={clearFilters}>Clear filters</Button>}
    >
      {nothingFoundWords(filters)}
    </EmptyState>
  );
}
