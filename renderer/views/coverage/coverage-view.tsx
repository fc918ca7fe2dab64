import { useMemo, useState } from 'react';
import { startOfDay } from '../../../shared/time.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FilesTrigger } from '../../components/files.tsx';
import { Page } from '../../components/page.tsx';
import { useConnections } from '../../hooks/connections.ts';
import { type CoverageFacts, firstKnownDay } from '../../hooks/coverage.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { useCoverage } from '../../hooks/use-coverage.ts';
import { SourceFilter } from '../frame/source-filter.tsx';
import { SyncButton } from '../frame/sync-button.tsx';
import { type Month, monthsBetween, startOfMonth } from './calendar.ts';
import { CoverageCalendar, rangeOf } from './coverage-calendar.tsx';
import { CoveragePanel } from './coverage-panel.tsx';
import styles from './coverage-view.module.css';

/** Months shown at first; what lies further back is a press away. */
const MOST_MONTHS = 13;
/** Fewer would hang in the air. */
const LEAST_MONTHS = 3;
/** Days outside of it are mistakes in the data, not history. */
const BEGINNING = Date.UTC(2022, 0, 1);

/** Which days are stored whole, in part, or not at all. */
export function CoverageView() {
  const facts = useCoverage();
  const { rows } = useStatus();
  const connections = useConnections() ?? [];
  return (
    <Page
      title="Coverage"
      tools={
        <>
          <SourceFilter />
          <SyncButton />
        </>
      }
    >
      {rows === 0 && connections.length === 0 ? (
        <EmptyState title="No days yet" actions={<FilesTrigger />}>
          Once generations are synced or imported, every UTC day shows here whether all of it is stored.
        </EmptyState>
      ) : (
        facts && <Days facts={facts} />
      )}
    </Page>
  );
}

function Days({ facts }: { readonly facts: CoverageFacts }) {
  const [chosen, setChosen] = useState<{ anchor: number; at: number } | null>(null);
  const [all, setAll] = useState(false);
  const { dataset } = useStatus();
  const today = startOfDay(facts.now);
  const firstKnown = Math.max(BEGINNING, firstKnownDay(facts));
  const months = useMemo(() => {
    const from = Math.min(firstKnown, startOfMonth(today, 1 - LEAST_MONTHS));
    return monthsBetween(from, today);
  }, [firstKnown, today]);
  const shown: readonly Month[] = all ? months : months.slice(-MOST_MONTHS);
  const earlier = months.length - shown.length;
  return (
    <div className={styles.days}>
      <div className={styles.calendar}>
        {earlier > 0 && (
          <Button onPress={() => setAll(true)}>
            Show {earlier === 1 ? 'the month before' : `${earlier} months before`}
          </Button>
        )}
        <CoverageCalendar facts={facts} months={shown} chosen={chosen} onChoose={setChosen} />
        <p className={styles.zone}>
          Days are UTC, as OpenRouter bills them.
          {dataset === 'sample' && ' Sample data are not pulled: their days count as those of a file.'}
        </p>
      </div>
      <CoveragePanel facts={facts} first={shown[0]?.first ?? today} range={chosen && rangeOf(chosen)} />
    </div>
  );
}
