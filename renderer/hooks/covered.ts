/** Whether a dialog or a menu is on top of the view, so that the keys are its own. Notices cover nothing. */
export function isCovered(): boolean {
  return (
    document.querySelector('[role="menu"], [role="dialog"], [role="alertdialog"]:not([data-notice])') !== null
  );
}
