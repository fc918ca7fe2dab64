/**
 * How large the built-in sample is: enough for every view to have something to show, little enough to be there at
 * once. A few of the users, the rarest, have no request in so small an account.
 */
export const SAMPLE_SIZE = { rows: 6000, users: 240 } as const;
