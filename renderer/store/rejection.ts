/** A row that was not taken, and why. */
export interface Rejection {
  /** The line of the file it starts in (the header is line 1); null where the source has no lines. */
  readonly line: number | null;
  readonly reason: string;
}
