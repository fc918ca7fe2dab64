import type { StandIn } from './server.ts';

export interface Reply {
  status: number;
  headers: Headers;
  /** The body as JSON. */
  body: unknown;
}

/** One plain request to a stand-in: GET, or POST where there is a body. */
export async function call(
  standIn: StandIn,
  path: string,
  { key = standIn.managementKey, body }: { key?: string | null; body?: unknown } = {},
): Promise<Reply> {
  const headers: Record<string, string> = key === null ? {} : { Authorization: `Bearer ${key}` };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${standIn.baseUrl}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Every generation that `/generations` gives, page by page. */
export async function everyGeneration<T>(standIn: StandIn, limit: number): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const { body } = await call(standIn, `/generations?limit=${limit}&offset=${all.length}`);
    const { data } = body as { data: T[] };
    all.push(...data);
    if (data.length < limit) return all;
  }
}
