import { CircleDashed } from 'lucide-react';
import { TextButton } from '../../components/button.tsx';
import { useFilters } from '../../hooks/filters.ts';
import { go } from '../../hooks/route.ts';
import { useCompleteness } from '../../hooks/use-coverage.ts';
import { useFileGaps } from '../../hooks/use-file-gaps.ts';
import styles from './coverage-note.module.css';
import { completenessWords } from './coverage-words.ts';

/** Below totals that rest on less than there is: says so. Nothing when everything is there. */
export function CoverageNote() {
  const { range } = useFilters();
  const said = useCompleteness(range);
  const words = said && completenessWords(said);
  const gaps = useFileGaps();
  if (!words && gaps.length === 0) return null;
  const isQuiet = said?.onlyUnderWay && said.deletedBefore === null && gaps.length === 0;
  return (
    <aside className={styles.note} aria-label="Completeness" data-quiet={isQuiet || undefined}>
      <CircleDashed size={13} aria-hidden="true" />
      {words && (
        <>
          <span>{words}.</span>
          <TextButton onPress={() => go({ view: 'coverage' })}>Show coverage</TextButton>
        </>
      )}
      {gaps.length > 0 && (
        <>
          <span>{gaps.join(', and ')}.</span>
          <TextButton onPress={() => go({ view: 'imports' })}>Show imports</TextButton>
        </>
      )}
    </aside>
  );
}
