import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import styles from './tick.module.css';

/** Something that is so or not. */
export function Tick({
  children,
  value,
  onChange,
  isDisabled = false,
}: {
  readonly children: ReactNode;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  readonly isDisabled?: boolean;
}) {
  return (
    <Checkbox className={styles.tick!} isSelected={value} onChange={onChange} isDisabled={isDisabled}>
      <span className={styles.box}>{value && <Check size={12} strokeWidth={3} aria-hidden="true" />}</span>
      <span>{children}</span>
    </Checkbox>
  );
}
