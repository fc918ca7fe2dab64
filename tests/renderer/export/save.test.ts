/** What the page says when a file cannot be saved, with a main process that answers as it is told. */
import { expect, it, vi } from 'vitest';
import { saveFile } from '../../../renderer/export/save.ts';

vi.mock('../../../renderer/client.ts', () => ({
  call: async (answer: Promise<{ value: unknown }>) => (await answer).value,
  main: {
    saveBegin: async () => ({ value: { file: 1 } }),
    saveAbort: async () => {
      throw new Error('cannot be given up');
    },
  },
}));

it('says why a file was not made, also where it cannot be given up', async () => {
  const produce = async () => {
    throw new Error('the data are gone');
  };
  await expect(saveFile('users.csv', 'csv', produce)).rejects.toThrow('the data are gone');
});
