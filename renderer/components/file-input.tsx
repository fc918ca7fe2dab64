import type { ComponentProps } from 'react';
import styles from './file-input.module.css';

/** An input for files that is never seen: a button presses it. */
export function FileInput({
  onFiles,
  ...props
}: Omit<ComponentProps<'input'>, 'type' | 'className' | 'onChange'> & {
  readonly onFiles: (files: readonly File[]) => void;
}) {
  return (
    <input
      {...props}
      type="file"
      className={styles.input}
      multiple
      tabIndex={-1}
      onChange={(event) => {
        const files = [...(event.target.files ?? [])];
        // So that the same file chosen again is heard again.
        event.target.value = '';
        if (files.length > 0) onFiles(files);
      }}
    />
  );
}
