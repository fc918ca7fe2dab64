/** What the reader once said the headers of a file mean, for the next file with the same headers. */
import * as z from 'zod/mini';
import { isColumnKey } from '../../shared/columns.ts';
import type { Mapping } from '../csv/header.ts';

const KEY = 'csv-mappings';
/** The oldest is forgotten first. */
const MOST = 50;

const schema = z.array(
  z.strictObject({
    headers: z.array(z.string()),
    mapping: z.record(z.string(), z.union([z.custom<string>(isKey), z.null()])),
  }),
);

function isKey(value: unknown): boolean {
  return typeof value === 'string' && isColumnKey(value);
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().every((header, i) => header === [...b].sort()[i]);

function read(): z.infer<typeof schema> {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
}

/** The mapping of files with these headers, in any order; undefined where none was chosen. */
export function rememberedMapping(headers: readonly string[]): Mapping | undefined {
  return read().find((one) => isSame(one.headers, headers))?.mapping as Mapping | undefined;
}

export function rememberMapping(headers: readonly string[], mapping: Mapping): void {
  const others = read().filter((one) => !isSame(one.headers, headers));
  const chosen = Object.keys(mapping).length === 0 ? [] : [{ headers: [...headers], mapping }];
  try {
    localStorage.setItem(KEY, JSON.stringify([...chosen, ...others].slice(0, MOST)));
  } catch {
    // No room for it: the reader chooses again. The import under way must not fail for that.
  }
}
