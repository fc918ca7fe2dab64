/**
 * Writes a database as version 1 of the store wrote it, in plain IndexedDB. It is frozen: it must never follow the
 * store's code, so it uses none of it. Runs in a page of the app's origin in which no store is open.
 */

export interface Version1 {
  /** Rows, in segments of this many. */
  readonly rows: number;
  readonly perSegment: number;
}

/** Row n: user `user-<n % 7>` (every eleventh has none), 0.001 × n dollars and 5 yocto-dollars, n × 10 prompt tokens. */
export async function writeVersion1({ rows, perSegment }: Version1): Promise<void> {
  const start = Date.UTC(2026, 0, 1);
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('whospent-account', 10);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => resolve(request.result);
    request.onupgradeneeded = () => {
      const { result } = request;
      result.createObjectStore('segments', { keyPath: 'id' });
      result.createObjectStore('columns', { keyPath: ['segment', 'column'] });
      result.createObjectStore('dictionaries', { keyPath: ['column', 'start'] });
      result
        .createObjectStore('sources', { keyPath: 'id', autoIncrement: true })
        .createIndex('key', 'key', { unique: true });
      result.createObjectStore('origins', { keyPath: 'id' });
      result.createObjectStore('rejections', { keyPath: ['origin', 'start'] });
      result.createObjectStore('checkpoints', { keyPath: 'connectionId' });
      result
        .createObjectStore('lookUps', { keyPath: ['connectionId', 'id'] })
        .createIndex('[connectionId+missing+place]', ['connectionId', 'missing', 'place']);
    };
  });
  const transaction = database.transaction([...database.objectStoreNames], 'readwrite');
  const put = (store: string, value: unknown) => transaction.objectStore(store).put(value);

  put('sources', { id: 1, key: 'connection one' });
  put('sources', { id: 2, key: 'origin 1767225600000000' });
  put('dictionaries', { column: 'sources', start: 0, words: ['1'] });
  put('dictionaries', { column: 'sources', start: 1, words: ['2', '1 2'] });
  put('dictionaries', { column: 'user', start: 0, words: ['user-0', 'user-1', 'user-2', 'user-3'] });
  put('dictionaries', { column: 'user', start: 4, words: ['user-4', 'user-5', 'user-6'] });
  put('dictionaries', { column: 'model_permaslug', start: 0, words: ['m/one'] });
  const counts = { rows: rows + 1, new: rows, known: 0, merged: 0, rejected: 1 };
  put('origins', {
    kind: 'file',
    name: 'old.csv',
    id: 1767225600000000,
    source: 2,
    startedAt: 1767225600000,
    finishedAt: 1767225601000,
    state: 'complete',
    counts,
    ignoredColumns: ['mood'],
    absentColumns: ['api_key_disabled'],
  });
  put('rejections', {
    origin: 1767225600000000,
    start: 0,
    list: [{ line: 3, reason: 'has no generation id' }],
  });
  put('checkpoints', {
    connectionId: 'one',
    value: {
      version: 2,
      covered: [{ from: 0, to: start + rows * 1000 }],
      floor: null,
      completedAt: start,
      source: 'generations',
      refusedAt: null,
      run: null,
    },
  });
  put('lookUps', { connectionId: 'one', id: 'gen-1-x', missing: 0, place: 1 });
  put('lookUps', { connectionId: 'one', id: 'gen-2-x', missing: 1, place: 2 });

  for (let first = 0, segment = 0; first < rows; first += perSegment, segment++) {
    const size = Math.min(perSegment, rows - first);
    const ns = Array.from({ length: size }, (_, i) => first + i);
    const bytes = ns.map((n) => new TextEncoder().encode(`gen-${start / 1000 + n}-old${n}`));
    const offsets = new Uint32Array(size + 1);
    bytes.forEach((one, i) => {
      offsets[i + 1] = (offsets[i] as number) + one.length;
    });
    const ids = new Uint8Array(offsets[size] as number);
    bytes.forEach((one, i) => {
      ids.set(one, offsets[i]);
    });
    const vectors = {
      generation_id: { kind: 'id', offsets, bytes: ids },
      created_at: { kind: 'number', values: Float64Array.from(ns, (n) => start + n * 1000) },
      cost_total: {
        kind: 'money',
        nanos: Int32Array.from(ns, (n) => n * 1_000_000),
        rest: Float64Array.from(ns, () => 5),
      },
      byok_usage_inference: { kind: 'money', nanos: Float64Array.from(ns, () => Number.NaN), rest: null },
      tokens_prompt: { kind: 'number', values: Int32Array.from(ns, (n) => n * 10) },
      user: { kind: 'text', codes: Uint8Array.from(ns, (n) => (n % 11 === 0 ? 0 : (n % 7) + 1)) },
      model_permaslug: { kind: 'text', codes: Uint8Array.from(ns, () => 1) },
      cancelled: { kind: 'flag', values: Uint8Array.from(ns, (n) => n % 3) },
      // Every third came from the connection, every third from the file, the others from both.
      sources: { kind: 'text', codes: Uint8Array.from(ns, (n) => (n % 3) + 1) },
    };
    put('segments', {
      id: segment,
      rows: size,
      from: start + first * 1000,
      to: start + (first + size - 1) * 1000,
      columns: Object.keys(vectors),
      magnitudes: { cost_total: ns.reduce((sum, n) => sum + n * 1_000_000 + 1, 0), byok_usage_inference: 0 },
    });
    for (const [column, vector] of Object.entries(vectors)) put('columns', { segment, column, vector });
  }
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
}
