import { createSignal, useSignal } from './signal.ts';

/** Who takes the files that are dropped on the window: a dialog that asks for some, or nobody but the import. */
export interface FileTaker {
  /** What is said while files hover over the window. */
  readonly words: string;
  readonly take: (files: readonly File[]) => void;
}

const taker = createSignal<FileTaker | null>(null);

export const useFileTaker = (): FileTaker | null => useSignal(taker);
export const currentFileTaker = (): FileTaker | null => taker.get();

/** Takes the files until the returned function is called. */
export function takeFiles(next: FileTaker): () => void {
  taker.set(next);
  return () => {
    if (taker.get() === next) taker.set(null);
  };
}
