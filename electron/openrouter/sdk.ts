/**
 * The calls that OpenRouter's own SDK has; it knows their addresses and their parameters. It is large, so it is
 * loaded when the first of them is made, and only these functions of it are bundled.
 */
import { OpenRouterCore } from '@openrouter/sdk/core.js';
import { analyticsGetAnalyticsMeta } from '@openrouter/sdk/funcs/analyticsGetAnalyticsMeta.js';
import { analyticsGetUserActivity } from '@openrouter/sdk/funcs/analyticsGetUserActivity.js';
import { apiKeysGetCurrentKeyMetadata } from '@openrouter/sdk/funcs/apiKeysGetCurrentKeyMetadata.js';
import { creditsGetCredits } from '@openrouter/sdk/funcs/creditsGetCredits.js';
import { generationsGetGeneration } from '@openrouter/sdk/funcs/generationsGetGeneration.js';
import { generationsListGenerationContent } from '@openrouter/sdk/funcs/generationsListGenerationContent.js';
import { HTTPClient } from '@openrouter/sdk/lib/http.js';

/** Makes one call; what it resolves to is the SDK's reading of the answer, and its failures. */
export type SdkCall = (sdk: OpenRouterCore) => PromiseLike<unknown>;

export const CALLS = {
  key: (sdk) => apiKeysGetCurrentKeyMetadata(sdk),
  analyticsMeta: (sdk) => analyticsGetAnalyticsMeta(sdk),
  activity: (sdk) => analyticsGetUserActivity(sdk),
  credits: (sdk) => creditsGetCredits(sdk),
} as const satisfies Record<string, SdkCall>;

/** Calls about one generation. */
export const CALLS_BY_ID = {
  generation: (id: string) => (sdk) => generationsGetGeneration(sdk, { id }),
  content: (id: string) => (sdk) => generationsListGenerationContent(sdk, { id }),
} as const satisfies Record<string, (id: string) => SdkCall>;

/**
 * The SDK, speaking through a way of our own: retries, timeouts, the key and failures are not its business. It
 * is never given the key, so nothing it keeps, throws or prints can hold it.
 * @param send sends the request whose address it is given, and gives the body of a good answer
 */
export function createSdk(serverURL: string, send: (url: string) => Promise<string>): OpenRouterCore {
  return new OpenRouterCore({
    serverURL,
    apiKey: '',
    retryConfig: { strategy: 'none' },
    // It would print whole answers where OPENROUTER_DEBUG is set.
    debugLogger: { group: () => {}, groupEnd: () => {}, log: () => {} },
    httpClient: new HTTPClient({
      fetcher: async (request) => {
        const body = await send(request instanceof Request ? request.url : String(request));
        return new Response(body, { headers: { 'content-type': 'application/json' } });
      },
    }),
  });
}
