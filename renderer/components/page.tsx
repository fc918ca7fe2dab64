import type { ReactNode } from 'react';
import styles from './page.module.css';

/** A screen: its title, what can be done on it, and its content below. */
export function Page({
  title,
  lead,
  aside,
  tools,
  children,
}: {
  readonly title: ReactNode;
  /** Before the title: the way back. */
  readonly lead?: ReactNode;
  /** Behind the title: what can be done with it. */
  readonly aside?: ReactNode;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        {lead}
        <h1 className={styles.title}>{title}</h1>
        {aside}
        <div className={styles.tools}>{tools}</div>
      </header>
      {children}
    </div>
  );
}
