import { AppFailure } from '../shared/errors.ts';
import { DEFAULT_BASE_URL } from '../shared/ipc-values.ts';

/**
 * Checks the address that keys are sent to: https, or http to this machine only.
 * @param text as typed; empty means OpenRouter itself
 * @returns the address in its normal form, without a slash at its end
 * @throws {AppFailure} `base-url-invalid`
 */
export function readBaseUrl(text: string): string {
  const typed = text.trim();
  if (typed === '') return DEFAULT_BASE_URL;
  const url = parse(typed);
  if (!url?.host) throw invalid('This is not a complete address.');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid('The address has to begin with https://; http:// is for servers on this computer only.');
  }
  if (url.username || url.password) throw invalid('The address must not hold a name or a password.');
  if (url.search || url.hash) throw invalid('The address must end before any “?” or “#”.');
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);

const invalid = (title: string): AppFailure =>
  new AppFailure({
    code: 'base-url-invalid',
    title,
    meaning: 'Your key was sent nowhere.',
    action: `Correct it, or use ${DEFAULT_BASE_URL}.`,
  });
