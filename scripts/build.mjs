// @ts-check
/** `npm run build`: the app to `out/`. */
import { build, command, setUpNode } from './setup/index.mjs';

await command(async () => {
  await setUpNode();
  return build();
});
