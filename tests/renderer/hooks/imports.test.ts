/** How files go through their previews, with a CSV reader that answers as it is told. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { FilePreview } from '../../../renderer/csv/api.ts';

const told = vi.hoisted(() => ({
  previews: new Map<string, unknown>(),
  read: [] as string[],
  judged: [] as number[],
  imported: [] as number[],
  remembered: [] as unknown[],
  shown: null as unknown,
  /** What reading waits for. */
  gate: Promise.resolve(),
}));
vi.mock('../../../renderer/client.ts', () => ({
  store: { beginPreview: async () => 1, endPreview: async () => undefined },
  csv: async () => ({
    read: async (_id: number, { name }: { name: string }) => {
      told.read.push(name);
      await told.gate;
      return told.previews.get(name);
    },
    judge: async (id: number) => {
      told.judged.push(id);
      return told.previews.get('good');
    },
    import: async (id: number) => {
      told.imported.push(id);
      return { state: 'complete' };
    },
    stop: async () => undefined,
    forget: async () => undefined,
  }),
}));
vi.mock('../../../renderer/comlink.ts', () => ({ proxy: (it: unknown) => it }));
vi.mock('../../../renderer/hooks/dataset.ts', () => ({
  opened: Promise.resolve(),
  leaveSample: async () => {},
}));
vi.mock('../../../renderer/hooks/notices.ts', () => ({ attempt: () => {}, notifyProblem: () => {} }));
vi.mock('../../../renderer/hooks/mappings.ts', () => ({
  rememberedMapping: () => undefined,
  rememberMapping: (...args: unknown[]) => told.remembered.push(args),
}));
vi.mock('../../../renderer/hooks/signal.ts', () => ({
  createSignal: (first: unknown) => {
    told.shown = first;
    return { get: () => told.shown, set: (next: unknown) => (told.shown = next) };
  },
  useSignal: () => null,
}));

const { addFiles, chooseReading, closeImports, mapHeaders, startImport } = await import(
  '../../../renderer/hooks/imports.ts'
);

interface Shown {
  readonly phase: string;
  readonly going: boolean;
  readonly reading: number | null;
  readonly items: readonly { readonly id: number }[];
}
const shown = () => told.shown as Shown;
const isRead = () => vi.waitFor(() => expect(shown().reading).toBeNull());
const finished = () => vi.waitFor(() => expect(shown().phase).toBe('finished'));
const add = (...names: string[]) => addFiles(names.map((name) => ({ name, blob: new Blob([]) })));
const preview = (change: Partial<FilePreview> = {}) => ({
  bytesRead: 0,
  bytes: 0,
  kind: { headers: ['who'] },
  error: null,
  counts: { rows: 3 },
  shift: null,
  ...change,
});

beforeEach(() => {
  closeImports();
  Object.assign(told, { read: [], judged: [], imported: [], remembered: [], gate: Promise.resolve() });
  told.previews = new Map<string, unknown>([
    ['good', preview()],
    ['late', preview()],
    ['broken', preview({ error: { code: 'file-unreadable', title: '', meaning: '', action: '' } })],
    ['moved', preview({ shift: { shifts: [1] } as unknown as FilePreview['shift'] })],
  ]);
});

it('counts the others again when a file breaks off, once', async () => {
  add('good', 'broken', 'late');
  await isRead();
  expect(told.read).toEqual(['good', 'broken', 'late']);
  expect(told.judged).toEqual([shown().items[0]!.id]);
});

it('remembers a mapping when the file is imported, and not before', async () => {
  add('good');
  await isRead();
  mapHeaders(shown().items[0]!.id, { who: 'user' });
  await isRead();
  expect(told.remembered).toEqual([]);
  startImport();
  await finished();
  expect(told.remembered).toEqual([[['who'], { who: 'user' }]]);
});

it('does not import by itself what joined after Import was pressed', async () => {
  let open = () => {};
  told.gate = new Promise((resolve) => {
    open = resolve;
  });
  add('good');
  startImport();
  expect(shown().going).toBe(true);
  add('late');
  expect(shown().going).toBe(false);
  open();
  await isRead();
  expect([shown().phase, told.imported]).toEqual(['preview', []]);
});

it('waits for a word on moved times, and for no second one', async () => {
  add('moved');
  startImport();
  await isRead();
  expect([shown().phase, shown().going]).toEqual(['preview', false]);
  chooseReading(shown().items[0]!.id, { shifts: [] });
  startImport();
  await finished();
  expect(told.imported).toHaveLength(1);
});
