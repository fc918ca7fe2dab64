import { describe, expect, it } from 'vitest';
import { findIds, findIdsInFiles, IdFinder } from '../../../renderer/hooks/find-ids.ts';

const A = 'gen-1795089600-aB3_x-9';
const B = 'gen-1795089601-Zz';

describe('ids in a text', () => {
  it('are found wherever they stand, each once', () => {
    const text = [
      A,
      `2026-11-22T10:00:00Z INFO done id=${B}, cost=0.01`,
      `{"response":{"id":"${A}"},"nested":[{"id":"${B}"}]}`,
      `x,"${A}",'${B}';(${A}). https://x.example/${B}?a=1`,
    ].join('\r\n');
    expect(findIds(text)).toEqual([A, B]);
  });

  it('are not a part of another word', () => {
    expect(findIds('regen-123 my_gen-123 a-gen-123 gen- generation')).toEqual([]);
    expect(findIds(`gen-${'x'.repeat(600)}`)).toEqual([]);
    expect(findIds('')).toEqual([]);
  });
});

describe('ids in pieces of text', () => {
  it('are found whole however the text is cut', () => {
    const text = `[${A}]regen-1\n"${B}" ${'x'.repeat(700)}gen-no ${A}`;
    for (let size = 1; size < 40; size++) {
      const finder = new IdFinder();
      for (let i = 0; i < text.length; i += size) finder.push(text.slice(i, i + size));
      expect(finder.end(), `pieces of ${size}`).toEqual([A, B]);
    }
  });

  it('come from files', async () => {
    const files = [new Blob([`${A}\n`]), new Blob([`{"id":"${B}"}\n${A}`])];
    expect(await findIdsInFiles(files)).toEqual([A, B]);
  });
});
