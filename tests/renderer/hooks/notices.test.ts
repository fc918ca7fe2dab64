import { beforeEach, expect, it } from 'vitest';
import { notices, notifyDone, notifyProblem } from '../../../renderer/hooks/notices.ts';

const problem = (title: string) =>
  notifyProblem({ code: 'internal', title, meaning: 'It failed.', action: 'Try again.' });
const shown = () => notices.visibleToasts.map(({ content }) => content.title);
const putAwayNewest = () => notices.close(notices.visibleToasts[0]!.key);

beforeEach(() => notices.clear());

it('shows the three newest; one that was pushed out does not come again', () => {
  for (const title of ['1', '2', '3', '4', '5']) notifyDone(title);
  expect(shown()).toEqual(['5', '4', '3']);
  putAwayNewest();
  expect(shown()).toEqual(['4', '3']);
});

it('pushes out something that is done before a problem', () => {
  problem('bad');
  for (const title of ['1', '2', '3']) notifyDone(title);
  expect(shown()).toEqual(['3', '2', 'bad']);
  problem('worse');
  expect(shown()).toEqual(['worse', '3', 'bad']);
});

it('loses no problem: one that has no room waits until another is put away', () => {
  for (const title of ['1', '2', '3', '4']) problem(title);
  expect(shown()).toEqual(['4', '3', '2']);
  notifyDone('5');
  expect(shown()).toEqual(['5', '4', '3']);
  notifyDone('6');
  expect(shown()).toEqual(['6', '4', '3']);
  for (const next of [
    ['4', '3', '2'],
    ['3', '2', '1'],
    ['2', '1'],
  ]) {
    putAwayNewest();
    expect(shown()).toEqual(next);
  }
});
