import { describe, expect, it } from 'vitest';
import { readBaseUrl } from '../../electron/base-url.ts';
import { cleanKey } from '../../electron/pasted-key.ts';
import { DEFAULT_BASE_URL } from '../../shared/ipc-values.ts';

describe('a pasted key', () => {
  it.each([
    ['sk-or-v1-abc123', 'sk-or-v1-abc123'],
    ['  sk-or-v1-abc123\r\n', 'sk-or-v1-abc123'],
    ['"sk-or-v1-abc123"', 'sk-or-v1-abc123'],
    ['Bearer sk-or-v1-abc123', 'sk-or-v1-abc123'],
    ['Authorization: Bearer sk-or-v1-abc123', 'sk-or-v1-abc123'],
    ['export OPENROUTER_API_KEY="sk-or-v1-abc_1-23"', 'sk-or-v1-abc_1-23'],
    ['“sk-or-v1-abc123”', 'sk-or-v1-abc123'],
    ["'Bearer company.key=='", 'company.key=='],
  ])('%j is %s', (pasted, key) => {
    expect(cleanKey(pasted)).toBe(key);
  });

  it.each([
    ['', /no key yet/],
    [' \n', /no key yet/],
    ['"Bearer "', /no key yet/],
    ['two words', /does not look like/],
    ['schlüssel', /does not look like/],
    ['line\nbreak', /does not look like/],
  ])('%j is none', (pasted, words) => {
    expect(() => cleanKey(pasted)).toThrow(words);
  });
});

describe('a base URL', () => {
  it.each([
    ['', DEFAULT_BASE_URL],
    ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
    [' https://OpenRouter.ai/api/v1// ', 'https://openrouter.ai/api/v1'],
    ['https://eu.openrouter.ai:8443/api/v1/', 'https://eu.openrouter.ai:8443/api/v1'],
    ['https://proxy.example.com', 'https://proxy.example.com'],
    ['http://localhost:8080/api/v1', 'http://localhost:8080/api/v1'],
    ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
    ['http://127.1:8080/', 'http://127.0.0.1:8080'],
    ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
  ])('%j is %s', (typed, url) => {
    expect(readBaseUrl(typed)).toBe(url);
  });

  it.each([
    'openrouter.ai/api/v1',
    'http://openrouter.ai/api/v1',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://192.168.1.2/',
    'http://0.0.0.0/',
    'ftp://openrouter.ai',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'https://user:secret@openrouter.ai/api/v1',
    'https://openrouter.ai/api/v1?x=1',
    'https://openrouter.ai/api/v1#x',
    'https://',
    'nonsense',
  ])('%j is none', (typed) => {
    expect(() => readBaseUrl(typed)).toThrow(/^base-url-invalid/);
  });
});
