import { z } from 'zod';
import { type Preferences, preferencesSchema } from '../shared/ipc.ts';
import { THEMES } from '../shared/ipc-values.ts';
import { readJson, writeJson } from './json-file.ts';
import { log } from './log.ts';

/** Every quarter of an hour: generations arrive late anyway, and a sync that finds nothing is one request. */
const PREFERENCES: Preferences = { syncOnStart: true, syncEveryMinutes: 15 };

const settingsSchema = z.object({
  theme: z.enum(THEMES).catch('system'),
  /** The window's place on the screen when it was closed, in DIP. */
  window: z
    .object({
      x: z.int(),
      y: z.int(),
      width: z.int().positive(),
      height: z.int().positive(),
      maximized: z.boolean(),
    })
    .nullable()
    .catch(null),
  /** Where the last file was saved. */
  lastFolder: z.string().nullable().catch(null),
  preferences: preferencesSchema.catch(PREFERENCES),
});
export type SettingsValues = z.infer<typeof settingsSchema>;

export interface Settings {
  readonly values: Readonly<SettingsValues>;
  change(change: Partial<SettingsValues>): void;
}

/** What the main process remembers: conveniences, so that losing them is no error. */
export function createSettings(path: string): Settings {
  let values: SettingsValues = readJson(path, settingsSchema) ?? {
    theme: 'system',
    window: null,
    lastFolder: null,
    preferences: PREFERENCES,
  };
  return {
    get values() {
      return values;
    },
    change(change) {
      values = { ...values, ...change };
      try {
        writeJson(path, values);
      } catch (thrown) {
        log('The settings could not be written', thrown);
      }
    },
  };
}
