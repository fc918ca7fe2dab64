/** A question's name; amounts of money are written as texts that no other value is. */
export const nameOf = (question: unknown): string =>
  JSON.stringify(question, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
