import { useEffect, useState } from 'react';
import { store } from '../../client.ts';
import { countOf, formatCount, UNKNOWN } from '../../components/format.ts';
import { attempt } from '../../hooks/notices.ts';
import type { Origin } from '../../store/api.ts';
import type { Rejection } from '../../store/rejection.ts';
import styles from './rejections.module.css';

/** Shown here; the summary as JSON has all of them. */
const SHOWN = 100;

/** The lines that were not taken, and why. */
export function Rejections({ origin }: { readonly origin: Origin }) {
  const { id, kind, counts } = origin;
  const [shown, setShown] = useState<readonly Rejection[]>([]);
  // Asked for again when there are more: the origin may be under way.
  const wanted = Math.min(SHOWN, counts.rejected);
  useEffect(() => attempt(store.rejections(id, wanted).then(setShown)), [id, wanted]);
  if (counts.rejected === 0) return null;
  return (
    <div className={styles.rejections}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is scrolled by keyboard too */}
      <section className={styles.scroll} tabIndex={0} aria-label="Rejected lines">
        <table>
          <thead>
            <tr>
              <th scope="col">Line</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ line, reason }, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a finished list, and lines may be unknown
              <tr key={place}>
                <td>{line === null ? UNKNOWN : formatCount(line)}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {counts.rejected > shown.length && (
        <p className={styles.more}>
          The first {formatCount(shown.length)} of {countOf(counts.rejected, 'rejected line')}
          {kind === 'file' ? '; the files that can be saved have all of them' : ''}.
        </p>
      )}
    </div>
  );
}
