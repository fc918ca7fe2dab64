import { fromAbsolute, toCalendarDate } from '@internationalized/date';
import { useEffect, useState } from 'react';
import { formatMoney, type Money } from '../../../shared/money.ts';
import { asMoney, type Filter } from '../../../shared/query.ts';
import { formatDay } from '../../../shared/time.ts';
import { store } from '../../client.ts';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/confirm.tsx';
import { countOf } from '../../components/format.ts';
import { Segments } from '../../components/segments.tsx';
import { askGroups } from '../../hooks/ask.ts';
import { useStatus } from '../../hooks/dataset.ts';
import { attempt, notifyDone } from '../../hooks/notices.ts';
import { stopSync } from '../../hooks/sync.ts';

const AGES = [
  ['1', '1 month'],
  ['3', '3 months'],
  ['6', '6 months'],
  ['12', '1 year'],
  ['24', '2 years'],
] as const;
type Months = (typeof AGES)[number][0];

/** Midnight UTC, so many months before a moment. */
const monthsBefore = (now: number, months: number): number =>
  toCalendarDate(fromAbsolute(now, 'UTC')).subtract({ months }).toDate('UTC').getTime();

const before = (cutoff: number): Filter => [{ on: 'created_at', to: cutoff }];

interface Found {
  readonly requests: number;
  readonly spend: Money | null;
}

/** Deletes what is older than some months, after it has said how much that is. */
export function DeleteOld() {
  const { version } = useStatus();
  const [asking, setAsking] = useState(false);
  const [months, setMonths] = useState<Months>('12');
  const [found, setFound] = useState<Found | null>(null);
  const [cutoff, setCutoff] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version of the data is a reason to count again
  useEffect(() => {
    if (!asking) return;
    let current = true;
    const to = monthsBefore(Date.now(), Number(months));
    setCutoff(to);
    setFound(null);
    attempt(count(before(to)).then((answer) => current && setFound(answer)));
    return () => {
      current = false;
    };
  }, [asking, months, version]);

  const remove = async () => {
    await stopSync();
    const removed = await store.removeGenerations(before(cutoff));
    notifyDone(`${countOf(removed, 'request')} deleted`, `Everything from before ${formatDay(cutoff)} UTC.`);
  };

  return (
    <>
      <Button look="danger" onPress={() => setAsking(true)}>
        Delete old requests
      </Button>
      <Confirm
        title="Delete old requests?"
        isOpen={asking}
        onClose={() => setAsking(false)}
        confirm={found?.requests ? `Delete ${countOf(found.requests, 'request')}` : 'Delete'}
        isDisabled={!found?.requests}
        onConfirm={remove}
      >
        <Segments label="Older than" choices={AGES} value={months} onChange={setMonths} />
        <p>{found === null ? 'Counting…' : foundWords(found, cutoff)}</p>
        <p>
          This cannot be undone. Nothing changes at OpenRouter, and no sync asks for anything so old again;
          only importing its files brings it back.
        </p>
      </Confirm>
    </>
  );
}

function foundWords({ requests, spend }: Found, cutoff: number): string {
  const day = formatDay(cutoff);
  if (requests === 0) return `Nothing is stored from before ${day} UTC.`;
  const worth = spend === null ? '' : ` with a spend of ${formatMoney(spend)}`;
  return `${countOf(requests, 'request')} from before ${day} UTC${worth} will be deleted from this computer.`;
}

async function count(filter: Filter): Promise<Found> {
  const { totals } = await askGroups({
    filter,
    by: ['user'],
    aggregates: { requests: { fn: 'count' }, spend: { fn: 'sum', of: 'spend' } },
    sort: { by: 'key', descending: false },
    offset: 0,
    limit: 1,
  });
  const { requests, spend } = totals;
  return { requests: Number(requests.value), spend: asMoney(spend) };
}
