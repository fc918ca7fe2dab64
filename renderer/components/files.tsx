import { createRef } from 'react';
import { askForFiles, importFiles } from '../hooks/imports.ts';
import { Button } from './button.tsx';
import { FileInput } from './file-input.tsx';

const input = createRef<HTMLInputElement>();

/**
 * Opens the system's file dialog. The browser allows that only right after a press or a key; without one (the
 * application menu) a dialog of our own asks, where the press can be had.
 */
export function chooseFiles(): void {
  if (navigator.userActivation.isActive) input.current?.click();
  else askForFiles();
}

/** The one file input of the app, always there. */
export function FilesInput() {
  return (
    <FileInput
      ref={input}
      data-testid="files"
      accept=".csv,.gz,text/csv,application/gzip"
      aria-label="Activity CSV files"
      onFiles={importFiles}
    />
  );
}

/** The button that chooses files. */
export function FilesTrigger({ look = 'normal' }: { readonly look?: 'normal' | 'primary' }) {
  return (
    <Button look={look} onPress={() => input.current?.click()}>
      Choose files
    </Button>
  );
}
