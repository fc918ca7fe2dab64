/** Where the random ones start: `FC_SEED=… npm test -- unit oracle` begins where a run that failed began. */
export const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Whether there is time for the long form. */
export const isLong = Boolean(process.env.WHOSPENT_LONG);
