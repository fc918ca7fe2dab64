import type { RefAttributes } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import styles from './button.module.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className'>, RefAttributes<HTMLButtonElement> {
  /** `primary` once on a screen; `plain` has no border; `danger` deletes. */
  readonly look?: 'normal' | 'primary' | 'plain' | 'danger';
  /** Square, for an icon alone: it needs an `aria-label`. */
  readonly square?: boolean;
}

export function Button({ look = 'normal', square = false, ...props }: ButtonProps) {
  return (
    <AriaButton {...props} className={`${styles.button} ${styles[look]} ${square ? styles.square : ''}`} />
  );
}

/** A link that opens in the reader's browser, or does something small in the middle of a text. */
export function TextButton(props: Omit<AriaButtonProps, 'className'>) {
  return <AriaButton {...props} className={styles.text!} />;
}
