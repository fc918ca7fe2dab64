/** The sources that what is stored may have come from, by the names that the reader knows them by. */
import type { Connection } from '../../shared/ipc.ts';
import type { SourceRef } from '../../shared/query.ts';
import type { Origin } from '../store/api.ts';

export interface DataSource {
  readonly ref: SourceRef;
  readonly label: string;
  /** The connection, if it is still there. */
  readonly connection: Connection | null;
}

const FILES_LABEL = 'Files';

/** What can be told apart: each connection, those removed whose data stay, and the files together. */
export function dataSources(
  connections: readonly Connection[],
  origins: readonly Origin[],
): readonly DataSource[] {
  const sources = new Map<string, DataSource>();
  for (const connection of connections) {
    sources.set(connection.id, { ref: { connectionId: connection.id }, label: connection.label, connection });
  }
  for (const { connectionId, name, counts } of origins) {
    if (connectionId === undefined || sources.has(connectionId) || counts.rows === 0) continue;
    sources.set(connectionId, { ref: { connectionId }, label: `${name} (not connected)`, connection: null });
  }
  const files = origins.some(({ kind, counts }) => kind === 'file' && counts.rows > counts.rejected);
  return [
    ...sources.values(),
    ...(files ? [{ ref: 'files', label: FILES_LABEL, connection: null } as const] : []),
  ];
}
