/**
 * Browsers cap the height of an element (Chrome at some 33 million pixels, at half of that on some screens), so
 * a very long list cannot have a place for every row. It gets `MOST_SLOTS` places; scrolling by one place then
 * moves the rows by more than one, evenly, so that the first row is at the top and the last one at the bottom.
 * Lists that fit are not touched: there a place is a row.
 */
export const MOST_SLOTS = 400_000;

/** Places for a list of `count` rows. */
export const slotCount = (count: number): number => Math.min(count, MOST_SLOTS);

/** What to add to a place's number to get its row, while `firstSlot` is the first one on screen. */
export function rowShift(count: number, firstSlot: number, visible: number): number {
  const extra = count - slotCount(count);
  if (extra === 0) return 0;
  const scrollable = Math.max(1, slotCount(count) - visible);
  return Math.round((extra * Math.min(Math.max(0, firstSlot), scrollable)) / scrollable);
}

/**
 * The first place to scroll to so that `row` is on screen: the nearest one, or `currentFirst` when it is already.
 * `visible` is how many whole rows fit.
 */
export function firstSlotFor(count: number, row: number, currentFirst: number, visible: number): number {
  const top = currentFirst + rowShift(count, currentFirst, visible);
  if (row >= top && row < top + visible) return currentFirst;
  const slots = slotCount(count);
  const wanted = row < top ? row : row - visible + 1;
  const scrollable = Math.max(0, slots - visible);
  const spread = Math.max(1, count - visible) / Math.max(1, scrollable);
  const first = spread <= 1 ? wanted : row < top ? Math.floor(wanted / spread) : Math.ceil(wanted / spread);
  return Math.min(Math.max(0, first), scrollable);
}
