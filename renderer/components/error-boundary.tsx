import { Component, type ReactNode } from 'react';
import styles from './error-boundary.module.css';

interface State {
  readonly thrown: unknown;
  readonly failed: boolean;
}

/** Catches what a view throws while it is drawn, and says so instead of leaving the window blank. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, State> {
  override state: State = { thrown: null, failed: false };

  static getDerivedStateFromError(thrown: unknown): State {
    return { thrown, failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    const { thrown } = this.state;
    return (
      <main role="alert" className={styles.page}>
        <h1>Whospent could not draw this screen.</h1>
        <p>Your data are not affected: they are stored apart from what is on screen.</p>
        <p>Reload the window; if it happens again, please report it with the detail below.</p>
        <pre>{thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown)}</pre>
        <button type="button" onClick={() => location.reload()}>
          Reload
        </button>
      </main>
    );
  }
}
