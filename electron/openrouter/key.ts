import { z } from 'zod';
import type { Connection } from '../../shared/ipc.ts';
import type { Client } from './client.ts';

const keySchema = z.object({
  data: z.object({
    label: z.string().nullish(),
    is_management_key: z.boolean().nullish(),
    /** What management keys were called before. */
    is_provisioning_key: z.boolean().nullish(),
  }),
});

export interface KeyInfo {
  /** The key in its masked form; empty when OpenRouter gives none. */
  readonly label: string;
  readonly kind: Connection['kind'];
}

/** Asks OpenRouter what this key is (`GET /key`). */
export async function readKey(client: Client, signal?: AbortSignal): Promise<KeyInfo> {
  const { data } = await client.call((sdk) => sdk.CALLS.key, { schema: keySchema, signal });
  const isManagement = data.is_management_key ?? data.is_provisioning_key ?? false;
  return { label: data.label ?? '', kind: isManagement ? 'management' : 'inference' };
}
