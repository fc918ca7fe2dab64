/** Holds up a part of the app, so that what a reader does meanwhile can be looked at. */
import type { Page } from 'playwright';

/** Lets go of what is held. */
type LetGo = () => Promise<void>;

/** A transaction of another has a table of the reader's own data: nothing can be written to it. */
export async function holdTable(page: Page, table: string): Promise<LetGo> {
  const held = await page.evaluateHandle(async (name) => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open('whospent-account');
      request.onsuccess = () => resolve(request.result);
    });
    const records = database.transaction(name, 'readwrite').objectStore(name);
    const hold = { on: true };
    await new Promise<void>((begun) => {
      const goOn = () => {
        begun();
        if (hold.on) records.count().onsuccess = goOn;
        else database.close();
      };
      records.count().onsuccess = goOn;
    });
    return hold;
  }, table);
  return () =>
    held.evaluate((hold) => {
      hold.on = false;
    });
}

/** Calls of a method of the store do not reach it. */
export async function holdCalls(page: Page, method: string): Promise<LetGo> {
  const held = await page.evaluateHandle((name) => {
    const { postMessage } = Worker.prototype;
    const waiting: (() => void)[] = [];
    Worker.prototype.postMessage = function (this: Worker, message: unknown, ...more: unknown[]) {
      const go = () => Reflect.apply(postMessage, this, [message, ...more]);
      const { path } = message as { path?: readonly string[] };
      if (path?.[0] === name) waiting.push(go);
      else go();
    };
    return {
      letGo() {
        Worker.prototype.postMessage = postMessage;
        for (const go of waiting) go();
      },
    };
  }, method);
  return () => held.evaluate((hold) => hold.letGo());
}
