/**
 * Makes of what today's store wrote a database as version 2 of it wrote: the same tables and records, without those
 * that came later. Runs in a page of the app's origin in which no store is open.
 */
export async function asVersion2(): Promise<void> {
  const TABLES: Readonly<Record<string, IDBObjectStoreParameters>> = {
    segments: { keyPath: 'id' },
    columns: { keyPath: ['segment', 'column'] },
    dictionaries: { keyPath: ['column', 'start'] },
    sources: { keyPath: 'id', autoIncrement: true },
    origins: { keyPath: 'id' },
    rejections: { keyPath: ['origin', 'start'] },
    checkpoints: { keyPath: 'connectionId' },
    lookUps: { keyPath: ['connectionId', 'id'] },
  };
  const names = Object.keys(TABLES);
  const promised = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const today = await promised(indexedDB.open('whospent-account'));
  const reading = today.transaction(names);
  const records = await Promise.all(names.map((name) => promised(reading.objectStore(name).getAll())));
  today.close();
  await promised(indexedDB.deleteDatabase('whospent-account'));

  const opening = indexedDB.open('whospent-account', 20);
  opening.onupgradeneeded = () => {
    for (const [name, options] of Object.entries(TABLES)) {
      const store = opening.result.createObjectStore(name, options);
      if (name === 'sources') store.createIndex('key', 'key', { unique: true });
      if (name === 'lookUps')
        store.createIndex('[connectionId+missing+place]', ['connectionId', 'missing', 'place']);
    }
  };
  const database = await promised(opening);
  const writing = database.transaction(names, 'readwrite');
  names.forEach((name, i) => {
    for (const record of records[i] ?? []) writing.objectStore(name).put(record);
  });
  await new Promise((resolve, reject) => {
    writing.oncomplete = resolve;
    writing.onabort = () => reject(writing.error);
  });
  database.close();
}
