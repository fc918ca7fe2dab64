import { z } from 'zod';
import type { Client } from './client.ts';

/** The most we ask for at once; a server may give fewer. */
const PAGE_SIZE = 1000;

const pageSchema = z.object({ data: z.array(z.unknown()) });

/**
 * One page of the account's generations, newest first (`GET /generations`).
 * @param offset how many of the newest to skip
 * @returns the items as they came; empty behind the last one
 */
export async function listGenerations(
  client: Client,
  { limit = PAGE_SIZE, offset }: { readonly limit?: number; readonly offset: number },
  signal?: AbortSignal,
): Promise<readonly unknown[]> {
  const page = await client.get('/generations', {
    query: { limit, offset },
    schema: pageSchema,
    signal,
    absent: 'generations-not-offered',
  });
  return page.data;
}
