import type { ReactNode } from 'react';
import styles from './settings-view.module.css';

/** A part of the settings: a heading and a card. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.section} aria-label={title}>
      <h2>{title}</h2>
      <div className={styles.card}>{children}</div>
    </section>
  );
}
