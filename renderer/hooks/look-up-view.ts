/** Where a look-up of ids stands, as views see it. */
import type { AppError } from '../../shared/errors.ts';
import type { Connection } from '../../shared/ipc.ts';
import type { Origin } from '../store/api.ts';
import type { Pace } from './pace.ts';

/** What a look-up's origin is called; it is by this that it is told from a sync. */
const SUFFIX = ': ids';
export const lookUpName = ({ label }: Connection): string => `${label}${SUFFIX}`;
export const isLookUp = ({ kind, name }: Origin): boolean => kind === 'sync' && name.endsWith(SUFFIX);

/** How far a look-up is. `done = found + missing`. */
export interface LookUpProgress {
  readonly done: number;
  readonly found: number;
  readonly missing: number;
  readonly left: number;
  readonly pace: Pace;
}

export type LookUpView =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running';
      readonly connection: Connection;
      readonly progress: LookUpProgress;
      /** It waits for a limit until then (UTC ms), because of this. */
      readonly waiting: { readonly until: number; readonly error: AppError } | null;
      readonly stopping: boolean;
    }
  | {
      readonly phase: 'ended';
      readonly connection: Connection;
      readonly progress: LookUpProgress;
      readonly outcome: 'complete' | 'stopped';
    }
  | {
      readonly phase: 'failed';
      readonly connection: Connection;
      readonly progress: LookUpProgress;
      readonly error: AppError;
    };
