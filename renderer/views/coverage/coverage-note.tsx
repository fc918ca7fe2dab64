import { CircleDashed } from 'lucide-react';
import { TextButton } from '../../components/button.tsx';
import { useFilters } from '../../hooks/filters.ts';
import { go } from '../../hooks/route.ts';
import { useCompleteness } from '../../hooks/use-coverage.ts';
import styles from './coverage-note.module.css';
import { completenessWords } from './coverage-words.ts';

/** Below totals that rest on days that are not complete: says so. Nothing when everything is there. */
export function CoverageNote() {
  const { range } = useFilters();
  const said = useCompleteness(range);
  const words = said && completenessWords(said);
  if (!words) return null;
  return (
    <aside className={styles.note} aria-label="Completeness" data-quiet={said.onlyUnderWay || undefined}>
      <CircleDashed size={13} aria-hidden="true" />
      <span>{words}.</span>
      <TextButton onPress={() => go({ view: 'coverage' })}>Show coverage</TextButton>
    </aside>
  );
}
