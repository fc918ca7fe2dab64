import { ProgressBar } from 'react-aria-components/ProgressBar';
import styles from './progress.module.css';

/** How much of something is done, 0 to 1. */
export function Progress({ label, done }: { readonly label: string; readonly done: number }) {
  return (
    <ProgressBar aria-label={label} value={done} maxValue={1} className={styles.progress!}>
      {({ percentage }) => (
        <div className={styles.track}>
          <div className={styles.bar} style={{ transform: `scaleX(${(percentage ?? 0) / 100})` }} />
        </div>
      )}
    </ProgressBar>
  );
}
