import { Segments } from '../../components/segments.tsx';
import { Tick } from '../../components/tick.tsx';
import { useNextSync } from '../../hooks/auto-sync.ts';
import { useConnections } from '../../hooks/connections.ts';
import { lists } from '../../hooks/lists.ts';
import { attempt } from '../../hooks/notices.ts';
import { changePreferences, usePreferences } from '../../hooks/preferences.ts';
import { useNow } from '../../hooks/use-now.ts';
import { nextWords } from '../frame/sync-words.ts';
import { Section } from './section.tsx';
import styles from './settings-view.module.css';

const EVERY = [
  ['0', 'Never'],
  ['5', '5 min'],
  ['15', '15 min'],
  ['60', '1 hour'],
  ['360', '6 hours'],
] as const;

/** When syncing happens by itself. */
export function AutomaticSync() {
  const preferences = usePreferences();
  const next = useNextSync();
  const now = useNow(5_000);
  const connected = useConnections()?.some(lists) ?? false;
  if (!preferences) return null;
  const minutes = String(preferences.syncEveryMinutes);
  const nextTry = connected ? nextWords(next, now) : undefined;
  return (
    <Section title="Automatic sync">
      <div className={styles.row}>
        <Tick
          value={preferences.syncOnStart}
          onChange={(syncOnStart) => attempt(changePreferences({ syncOnStart }))}
        >
          Sync when Whospent starts
        </Tick>
      </div>
      <Segments
        label={nextTry ? `Sync every … (${nextTry.toLowerCase()})` : 'Sync every …'}
        className={styles.row}
        labelClassName={styles.text}
        choices={EVERY}
        value={EVERY.find(([value]) => value === minutes)?.[0] ?? null}
        onChange={(value) => attempt(changePreferences({ syncEveryMinutes: Number(value) }))}
      />
    </Section>
  );
}
