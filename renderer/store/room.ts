/** With less room than this a disk is as good as full, bytes. */
const LEAST_ROOM = 16 * 1024 * 1024;
/** A browser that cannot write may not answer either, ms. */
const PATIENCE = 2000;

/** Whether there is room left on the disk; also where nobody can tell. */
export async function hasRoom(): Promise<boolean> {
  const nobodyTells = new Promise<StorageEstimate>((resolve) => setTimeout(resolve, PATIENCE, {}));
  const { quota, usage } = await Promise.race([navigator.storage.estimate(), nobodyTells]);
  return quota === undefined || quota - (usage ?? 0) > LEAST_ROOM;
}
