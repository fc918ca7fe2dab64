import type { Connection } from '../../shared/ipc.ts';

/** Whether a connection can be asked for all that happened in a time; otherwise it only looks up ids. */
export const lists = ({ sources }: Pick<Connection, 'sources'>): boolean =>
  sources.some((source) => source !== 'ids');
