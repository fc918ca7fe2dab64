/** A file's whole way, against the engine that the store is made of. */
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Bookmark } from '../../../renderer/csv/batches.ts';
import { Room } from '../../../renderer/csv/kept.ts';
import { Reading } from '../../../renderer/csv/reading.ts';
import { piecesBy } from '../../../renderer/csv/sections.ts';
import { type ImportTarget, Judge, NO_PREVIEW_COUNTS, Session } from '../../../renderer/csv/session.ts';
import { CellWriter, isProtected } from '../../../renderer/export/cells.ts';
import type { Origin, OriginStart } from '../../../renderer/store/api.ts';
import { Preview } from '../../../renderer/store/preview.ts';
import { vectorAs } from '../../../renderer/store/segment.ts';
import { idAt } from '../../../renderer/store/vector.ts';
import { AppFailure } from '../../../shared/errors.ts';
import { addCounts, NO_COUNTS } from '../../../shared/sync.ts';
import { HEADERS, line } from '../../fixtures/activity.ts';
import { MemoryEngine } from '../store/memory.ts';
import { readersHere } from './readers.ts';

/** The store's part of an import, without its database. */
class Target implements ImportTarget {
  readonly engine = new MemoryEngine();
  readonly preview = new Preview();
  counts = NO_COUNTS;
  start: OriginStart | null = null;
  state: Origin['state'] | 'undone' = 'open';
  onBatch: () => void = () => undefined;
  onFinish: () => void = () => undefined;

  async beginOrigin(start: OriginStart) {
    this.start = start;
    return 1;
  }

  async finishOrigin(id: number, state: 'complete' | 'stopped' | 'failed', error?: AppFailure['error']) {
    this.state = state;
    this.onFinish();
    const start = this.start as OriginStart;
    const origin = { ...start, id, source: 1, startedAt: 0, finishedAt: 0, state, counts: this.counts };
    return error ? { ...origin, error } : origin;
  }

  async undoOrigin() {
    this.state = 'undone';
    return 0;
  }

  judge: ImportTarget['judge'] = (_, batch) =>
    this.preview.add(batch, {
      segments: this.engine.segments,
      addressesOf: (ids) => this.engine.addressesOf(ids),
      load: async () => undefined,
      breathe: () => undefined,
      dictionary: this.engine.dictionary,
    });

  ingest: ImportTarget['ingest'] = async (_, batch) => {
    this.onBatch();
    const { new: fresh, known, merged } = this.engine.ingestEncoded(batch);
    const rejected = batch.rejections.length;
    const counts = { rows: fresh + known + merged + rejected, new: fresh, known, merged, rejected };
    this.counts = addCounts(this.counts, counts);
    return counts;
  };

  ids(): string[] {
    return this.engine.segments.flatMap((segment) => {
      const ids = vectorAs(segment, 'generation_id', 'id');
      return ids ? Array.from({ length: segment.info.rows }, (_, row) => idAt(ids, row)) : [];
    });
  }
}

const never = new AbortController().signal;
vi.setConfig({ testTimeout: 60_000 });

async function previewed(target: Target, content: BlobPart, room: Room, readers = readersHere()) {
  const session = new Session({ name: 'activity.csv', blob: new Blob([content]) }, target, room, readers);
  const judge = new Judge(NO_PREVIEW_COUNTS, (batch) => target.judge(1, batch));
  return { session, preview: await session.read({}, judge, () => undefined, never) };
}

/** Some 13 MB: several pieces, whose borders cut rows, characters and quoted line ends. */
const ROWS = 40_000;
let content = '';
beforeAll(() => {
  const rows = Array.from({ length: ROWS }, (_, n) =>
    line('Sep 2026', {
      n,
      user: `日本${'😀'.repeat(n % 5)}\n${n}`,
      app_name: 'x'.repeat(90),
      ...(n % 9_999 === 5 ? { cost_total: 'free' } : {}),
    }),
  );
  content = `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`;
});

describe.each([
  ['all of it is kept', 1 << 30],
  ['only its beginning is kept', 3_000_000],
  ['nothing is kept', 0],
])('what was previewed is what is imported: %s', (_, bytes) => {
  test.each(['plain', 'packed', 'in sections'])('%s', async (how) => {
    const target = new Target();
    const file = how === 'packed' ? gzipSync(content, { level: 1 }) : content;
    const readers = how === 'in sections' ? readersHere(3_000) : readersHere();
    const { session, preview } = await previewed(target, file as BlobPart, new Room(bytes), readers);
    expect(preview).toMatchObject({ whole: true, error: null });
    expect(preview.counts).toMatchObject({ rows: ROWS, new: ROWS - 4, rejected: 4 });
    // 0.00015 for each, to the last digit.
    expect(preview.counts.spendAdded).toBe(BigInt(ROWS - 4) * 150n * 10n ** 18n);
    const told: number[] = [];
    const origin = await session.import(({ done }) => told.push(done), never);
    expect(origin).toMatchObject({
      state: 'complete',
      counts: { rows: ROWS, new: ROWS - 4, known: 0, rejected: 4 },
    });
    expect(told.at(-1)).toBe(ROWS);
    expect(new Set(target.ids()).size).toBe(ROWS - 4);
    expect(target.start?.headers).toEqual(HEADERS['Sep 2026'].split(','));
  });
});

test('behind a hole without line ends, a large file is read on from wherever its kept beginning ends', async () => {
  const rows = Array.from({ length: 150_000 }, (_, n) => line('Sep 2026', { n }));
  // Over a place where a section would end.
  rows.splice(28_000, 0, '\0'.repeat(2_000_000));
  const blob = new Blob([`${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`]);
  const reading = await Reading.open({ name: 'activity.csv', blob }, {});
  const readers = readersHere(10_000);
  const ends: { readonly end: Bookmark; readonly lines: number }[] = [];
  let lines = 0;
  for await (const { batches } of piecesBy(readers, reading, null))
    for (const { batch, end } of batches) {
      lines += batch.rows + batch.rejections.length;
      ends.push({ end, lines });
    }
  for (const { end, lines: before } of ends.filter(({ end }, i) => end.skip > 0 || i % 5 === 0)) {
    let behind = 0;
    for await (const { batches } of piecesBy(readers, reading, end))
      for (const { batch } of batches) behind += batch.rows + batch.rejections.length;
    expect(before + behind).toBe(lines);
  }
});

test('of a file that is wrong in every line, no more cells are kept than there is room for', async () => {
  const wrong = line('Sep 2026', { n: 1, cost_total: 'free', user: 'x'.repeat(800) });
  const text = `${HEADERS['Sep 2026']}\n${`${wrong}\n`.repeat(20_000)}`;
  for (const readers of [readersHere(), readersHere(4_000)]) {
    const target = new Target();
    let kept = 0;
    const ingest = target.ingest;
    target.ingest = (origin, batch) => {
      kept += batch.rejections.flatMap(({ cells = [] }) => cells).join('').length;
      return ingest(origin, batch);
    };
    const { session } = await previewed(target, text, new Room(2_000_000), readers);
    expect(await session.import(() => undefined, never)).toMatchObject({ counts: { rejected: 20_000 } });
    expect(kept).toBeGreaterThan(7_900_000);
    expect(kept).toBeLessThanOrEqual(8_000_000);
  }
});

test('cells that were written for spreadsheets are counted, and taken as they stand', async () => {
  const target = new Target();
  const users = ["'=x", "'=x", "' \t@y", "'-1", '=x', "o'neil", "'quoted'", "x'=y", ''];
  const rows = users.map((user, n) =>
    line('Sep 2026', { n, user, app_name: n === 0 ? "'+app" : 'Demo', cost_total: '-1' }),
  );
  const { session, preview } = await previewed(
    target,
    `${HEADERS['Sep 2026']}\n${rows.join('\n')}\n`,
    new Room(),
  );
  expect(preview.protectedCells).toBe(5);
  await session.import(() => undefined, never);
  expect([...target.engine.dictionary('user').since(0)]).toContain("'=x");
  const plain = await previewed(
    target,
    `${HEADERS['Sep 2026']}\n${line('Sep 2026', { n: 1 })}\n`,
    new Room(),
  );
  expect(plain.preview.protectedCells).toBe(0);
});

test('what a spreadsheet’s export writes with an apostrophe is what is counted', () => {
  const writer = new CellWriter('protected');
  for (const text of ['=x', '+1', '-1', '@y', ' =x', '＝x', '\tx'])
    expect([text, isProtected(writer.text(text).replaceAll('"', ''))]).toEqual([text, true]);
  for (const text of ['x', "o'neil", 'a;=b', ''])
    expect([text, isProtected(writer.text(text).replaceAll('"', ''))]).toEqual([text, false]);
});

test('counting a file again, behind another, sees what the other brings', async () => {
  const target = new Target();
  const small = `${HEADERS['Sep 2026']}\n${[1, 2].map((n) => line('Sep 2026', { n })).join('\n')}\n`;
  const { session, preview } = await previewed(target, small, new Room());
  expect(preview.counts).toMatchObject({ new: 2, same: 0 });
  const again = await session.judge(
    new Judge(target.preview.counts, (batch) => target.judge(1, batch)),
    never,
  );
  expect(again.counts).toMatchObject({ rows: 2, new: 0, same: 2, spendAdded: 0n });
});

test('cancelled while it ends, an import is undone', async () => {
  const stop = new AbortController();
  const target = new Target();
  const { session } = await previewed(target, content, new Room());
  target.onFinish = () => stop.abort();
  expect(await session.import(() => undefined, stop.signal)).toBeNull();
  expect(target.state).toBe('undone');
});

test('cancelled in the middle, an import is undone; broken off by the store, it is failed and says why', async () => {
  const stop = new AbortController();
  const target = new Target();
  const { session } = await previewed(target, content, new Room());
  target.onBatch = () => stop.abort();
  expect(await session.import(() => undefined, stop.signal)).toBeNull();
  expect(target.state).toBe('undone');

  const full = new Target();
  const other = await previewed(full, content, new Room());
  full.onBatch = () => {
    throw new AppFailure({ code: 'storage-full', title: 'The disk is full.', meaning: '', action: '' });
  };
  const origin = await other.session.import(() => undefined, never);
  expect(origin).toMatchObject({ state: 'failed', error: { code: 'storage-full' } });
});

test('room that was given back can be used again', async () => {
  const room = new Room(40_000_000);
  for (let i = 0; i < 4; i++) {
    const target = new Target();
    const { session } = await previewed(target, content, room);
    if (i % 2 === 0) session.forget();
    else await session.import(() => undefined, never);
  }
  expect(room.take(40_000_000)).toBe(true);
});
