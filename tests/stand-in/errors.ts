import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';

/** An answer in OpenRouter's form: `{"error":{"code":403,"message":"…"}}`. Thrown by routes, sent by the server. */
export class ApiError extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  respond(c: Context): Response {
    return c.json(errorBody(this.status, this.message), this.status, this.headers);
  }
}

export const errorBody = (code: number, message: string) => ({ error: { code, message } });

/** `value` as the schema reads it; throws a 400 that names the first thing wrong. */
export function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ApiError(400, `${issue?.path.join('.') || 'request'}: ${issue?.message ?? 'invalid'}`);
}

/** The request's JSON body as the schema reads it; throws a 400 for anything else. */
export async function parseBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  let body: unknown;
  try {
    body = await c.req.json();
  } catch {
    throw new ApiError(400, 'Request body is not valid JSON');
  }
  return parse(schema, body);
}
