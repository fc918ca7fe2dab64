/** The lab itself: the store of the app, driven from Node, and its data after a restart, a kill, and in the app. */
import { join } from 'node:path';
import type { GroupQuery } from '../../shared/query.ts';
import { Lab } from '../lab/lab.ts';
import { App } from './app.ts';
import { expect, test } from './fixtures.ts';

const BY_USER: GroupQuery<'requests' | 'spend'> = {
  filter: [],
  by: ['user'],
  aggregates: { requests: { fn: 'count' }, spend: { fn: 'sum', of: 'spend' } },
  sort: { by: 'spend', descending: true },
  offset: 0,
  limit: 5,
};
const ROWS = 3000;

test('what the lab stores is there again after a restart, a kill, and in the app', async ({ folder }) => {
  const profile = join(folder, 'profile');
  const open = async () => {
    const lab = await Lab.launch({ profile });
    await lab.store.open('account');
    return lab;
  };
  let lab = await open();
  const fill = lab.jobs<typeof import('../lab/jobs/fill.ts')>('fill');
  const counts = await fill.sample({ rows: ROWS, users: 40, batch: 1000 });
  expect(counts).toMatchObject({ rows: ROWS, new: ROWS });
  const answer = await lab.store.group(BY_USER);
  const spend = answer.totals.spend.value;
  expect(typeof spend).toBe('bigint');
  const csv = await lab.exportGenerations([]);
  expect(csv.split('\n')).toHaveLength(ROWS + 2);
  expect(lab.complaints).toEqual([]);
  await lab.close();

  lab = await open();
  expect((await lab.store.group(BY_USER)).groups).toEqual(answer.groups);
  await lab.kill();

  lab = await open();
  expect(await lab.exportGenerations([])).toBe(csv);
  await lab.close();

  const app = await App.launch({ profile });
  await app.showUsers();
  await expect(app.users.getByRole('row').last()).toContainText('3,000');
  await app.close();
});

test('errors of the store come to Node in their parts', async ({ folder }) => {
  const lab = await Lab.launch({ profile: join(folder, 'profile') });
  await expect(lab.store.group(BY_USER)).rejects.toMatchObject({ error: { code: 'storage-broken' } });
  await expect(lab.run('fill.nothing')).rejects.toMatchObject({ error: { code: 'internal' } });
  await lab.close();
});
