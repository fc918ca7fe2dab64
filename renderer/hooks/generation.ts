/** One generation: what is stored of it, and what OpenRouter adds when it is opened. */
import { useEffect, useState } from 'react';
import { COLUMN_KEYS, type ColumnKey } from '../../shared/columns.ts';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { Connection, GenerationContent, GenerationDetails } from '../../shared/ipc.ts';
import type { CellValue, Filter } from '../../shared/query.ts';
import { call, main, store } from '../client.ts';
import { currentConnections } from './connections.ts';
import { useStatus } from './dataset.ts';

export type StoredGeneration = Readonly<Record<ColumnKey | 'spend', CellValue>>;

const KEYS = [...COLUMN_KEYS, 'spend'] as const;

/** What is stored of a generation; null until known, or when there is none. */
export function useStoredGeneration(id: string): StoredGeneration | null {
  const { version } = useStatus();
  const [stored, setStored] = useState<StoredGeneration | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a reason to ask again
  useEffect(() => {
    let current = true;
    askStored(id).then(
      (answer) => current && setStored(answer),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [id, version]);
  return stored;
}

const byId = (id: string): Filter => [{ on: 'generation_id', in: [id] }];

async function askStored(id: string): Promise<StoredGeneration | null> {
  const { rows } = await store.rows({
    filter: byId(id),
    columns: KEYS,
    sort: { by: 'created_at', descending: true },
    offset: 0,
    limit: 1,
  });
  const [row] = rows;
  return row
    ? (Object.fromEntries(KEYS.map((key, place) => [key, row[place] ?? null])) as StoredGeneration)
    : null;
}

export type DetailsState =
  /** Nobody can be asked: there is no connection, or no network. */
  | { readonly phase: 'none' }
  | { readonly phase: 'asking' }
  | {
      readonly phase: 'there';
      readonly connection: Connection;
      readonly fields: GenerationDetails['fields'];
    }
  | { readonly phase: 'failed'; readonly error: AppError };

/** Fetches what OpenRouter knows of a generation, once for each that is opened, and merges it into the store. */
export function useDetails(id: string): DetailsState {
  const { dataset } = useStatus();
  const [state, setState] = useState<DetailsState>({ phase: 'none' });
  useEffect(() => {
    let current = true;
    const show = (next: DetailsState) => {
      if (current) setState(next);
    };
    if (dataset === 'sample' || !navigator.onLine || currentConnections().length === 0) {
      show({ phase: 'none' });
    } else {
      show({ phase: 'asking' });
      fetchDetails(id).then(show, (thrown) => show({ phase: 'failed', error: toAppError(thrown) }));
    }
    return () => {
      current = false;
    };
  }, [id, dataset]);
  return state;
}

async function fetchDetails(id: string): Promise<DetailsState> {
  const [connection, { batch, fields }] = await firstOf(id, (connectionId) =>
    call(main.generationDetails({ connectionId, id })),
  );
  // It may have been removed meanwhile, and its data with it.
  if (currentConnections().some((one) => one.id === connection.id))
    await store.ingestDetails(connection.id, batch);
  return { phase: 'there', connection, fields };
}

/** What was said in it; never stored. `connection` is the one that knew its details, if one did. */
export async function fetchContent(id: string, connection: Connection | null): Promise<GenerationContent> {
  if (connection) return call(main.generationContent({ connectionId: connection.id, id }));
  const [, content] = await firstOf(id, (connectionId) => call(main.generationContent({ connectionId, id })));
  return content;
}

/** The answer of the first connection that has one: those that brought the generation are asked before the others. */
async function firstOf<T>(
  id: string,
  ask: (connectionId: string) => Promise<T>,
): Promise<readonly [Connection, T]> {
  let failure: unknown;
  for (const connection of await likely(id)) {
    try {
      return [connection, await ask(connection.id)];
    } catch (thrown) {
      failure ??= thrown;
      if (toAppError(thrown).code === 'offline') break;
    }
  }
  throw failure;
}

async function likely(id: string): Promise<readonly Connection[]> {
  const connections = currentConnections();
  if (connections.length < 2) return connections;
  const brought = await Promise.all(
    connections.map(async (connection) => {
      const { count } = await store.rows({
        filter: [...byId(id), { on: 'source', in: [{ connectionId: connection.id }] }],
        columns: ['generation_id'],
        sort: { by: 'created_at', descending: true },
        offset: 0,
        limit: 1,
      });
      return count > 0;
    }),
  );
  return [...connections.filter((_, i) => brought[i]), ...connections.filter((_, i) => !brought[i])];
}
