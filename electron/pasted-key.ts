import { AppFailure } from '../shared/errors.ts';

/**
 * Finds the key in what was pasted: with spaces and line ends around it, quotes, `Bearer `, or as a line of an
 * `.env` file.
 * @throws {AppFailure} `key-empty`, or `key-refused` for what no key can be
 */
export function cleanKey(pasted: string): string {
  const openRouterKey = /sk-or-[\w-]+/.exec(pasted)?.[0];
  if (openRouterKey) return openRouterKey;

  // A proxy may hand out keys of its own form.
  const key = pasted
    .trim()
    .replace(/^["'`]+|["'`]+$/g, '')
    .replace(/^(authorization:\s*)?bearer(\s+|$)/i, '')
    .trim();
  if (key === '') {
    throw new AppFailure({
      code: 'key-empty',
      title: 'There is no key yet.',
      meaning: 'Nothing was sent or stored.',
      action: 'Paste an API key from openrouter.ai → Settings → Keys.',
    });
  }
  // Nothing else can stand in the header it is sent in.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new AppFailure({
      code: 'key-refused',
      title: 'This does not look like an API key.',
      meaning: 'It holds spaces or characters that no key has. Nothing was sent or stored.',
      action: 'Copy the key alone; OpenRouter’s begin with sk-or-.',
    });
  }
  return key;
}
