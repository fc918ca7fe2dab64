/** A row that was not taken, and why. */
export interface Rejection {
  /** The line of the file it starts in (the header is line 1); null where the source has no lines. */
  readonly line: number | null;
  readonly reason: string;
  /** Its cells as they stand in the file, kept for a file's first rejections; a line without sense is one cell. */
  readonly cells?: readonly string[];
}

/** Why a line is not taken that a spreadsheet or a person has added: no generation is missing for it. */
export const TOTAL_LINE = 'is a line of totals, not a generation';
