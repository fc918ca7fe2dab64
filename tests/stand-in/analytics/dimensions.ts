import { SAMPLE_WORKSPACE } from '../../../shared/sample/catalogue.ts';
import type { SampleRow } from '../../../shared/sample/types.ts';

export type DimensionValue = string | number | null;

export interface Dimension {
  label: string;
  /** How long a query's range may be. */
  days: 31 | 365;
  /** What is grouped and filtered by; null for a generation that has none (the unset bucket). */
  value: (row: SampleRow) => DimensionValue;
  /** What the answer shows instead, where that differs. */
  shown?: (row: SampleRow) => DimensionValue;
  /** Whether there is an unset bucket, which `include_unset` asks for. */
  unset?: true;
}

const lengthBucket = (tokens: number | null): string | null =>
  tokens === null ? null : tokens < 1000 ? '1K' : tokens < 10_000 ? '10K' : tokens < 100_000 ? '100K' : '1M';

/** Every dimension of the stand-in by name. `user` is an organisation's member, `external_user` the end user. */
export const DIMENSIONS: ReadonlyMap<string, Dimension> = new Map(
  Object.entries({
    model: { label: 'Model', days: 365, value: ({ extra }) => extra.model_permaslug },
    variant: { label: 'Variant', days: 365, value: ({ extra }) => extra.variant },
    api_key_id: {
      label: 'API Key',
      days: 365,
      value: ({ extra }) => extra.api_key_id,
      shown: ({ extra }) => extra.api_key_name,
    },
    app: {
      label: 'App',
      days: 365,
      value: ({ api }) => api.app_id,
      shown: ({ extra }) => extra.app_name,
      unset: true,
    },
    user: {
      label: 'User',
      days: 365,
      value: ({ extra }) => extra.member_id,
      // Traffic of the organisation's own keys: a member with an empty name.
      shown: ({ extra }) => extra.member_name ?? '',
      unset: true,
    },
    workspace: {
      label: 'Workspace',
      days: 365,
      value: ({ api }) => api.workspace_id,
      shown: () => SAMPLE_WORKSPACE.name,
    },
    generation_id: { label: 'Generation', days: 31, value: ({ api }) => api.id },
    external_user: { label: 'External User', days: 31, value: ({ api }) => api.external_user, unset: true },
    provider: { label: 'Provider', days: 31, value: ({ api }) => api.provider_name, unset: true },
    origin: { label: 'Origin', days: 31, value: ({ api }) => api.origin },
    country: { label: 'Country', days: 31, value: ({ extra }) => extra.country, unset: true },
    finish_reason: { label: 'Finish Reason', days: 31, value: ({ api }) => api.finish_reason, unset: true },
    context_length_bucket: {
      label: 'Context Length',
      days: 31,
      value: ({ api }) => lengthBucket(api.tokens_prompt),
      unset: true,
    },
  } satisfies Record<string, Dimension>),
);
