interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** As much of the window's top has to be in reach of the pointer, DIP. */
const REACH = { width: 120, height: 40 };

/** Whether the top of a window lies on a screen that is there now, so that it can be seen and moved. */
export function isOnScreen(
  window: Rectangle,
  displays: readonly { readonly workArea: Rectangle }[],
): boolean {
  return displays.some(({ workArea }) => {
    const width =
      Math.min(window.x + window.width, workArea.x + workArea.width) - Math.max(window.x, workArea.x);
    const top = window.y - workArea.y;
    return width >= REACH.width && top >= 0 && top <= workArea.height - REACH.height;
  });
}
