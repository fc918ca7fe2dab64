import styles from './counts.module.css';

export interface Count {
  readonly label: string;
  /** The figure, as text. */
  readonly text: string;
  readonly about: string;
  readonly isZero: boolean;
  /** Needs more room than the others: an amount with all its digits. */
  readonly wide?: boolean;
}

/** Figures side by side, each below its label. Zeros stand back, so that what there is stands out. */
export function Counts({ counts }: { readonly counts: readonly Count[] }) {
  const columns = counts.map(({ wide }) => `minmax(0, ${wide ? 1.7 : 1}fr)`);
  return (
    <dl className={styles.counts} style={{ gridTemplateColumns: columns.join(' ') }}>
      {counts.map(({ label, text, about, isZero }) => (
        <div key={label} title={about}>
          <dt>{label}</dt>
          <dd data-zero={isZero || undefined}>{text}</dd>
        </div>
      ))}
    </dl>
  );
}
