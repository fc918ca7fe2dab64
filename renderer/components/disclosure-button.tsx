import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import styles from './disclosure-button.module.css';

/** Shows more below it, or hides it again. */
export function DisclosureButton({
  isOpen,
  onChange,
  label,
  isDisabled = false,
  quiet = false,
  children,
}: {
  readonly isOpen: boolean;
  readonly onChange: (isOpen: boolean) => void;
  /** What it is called where its text does not say it. */
  readonly label?: string;
  /** There is nothing more. */
  readonly isDisabled?: boolean;
  /** Stands back behind what is around it. */
  readonly quiet?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <Button
      className={`${styles.button} ${quiet ? styles.quiet : ''}`}
      aria-expanded={isOpen}
      {...(label === undefined ? {} : { 'aria-label': label })}
      isDisabled={isDisabled}
      onPress={() => onChange(!isOpen)}
    >
      <ChevronRight size={13} aria-hidden="true" />
      {children}
    </Button>
  );
}
