import { useEffect, useRef, useState } from 'react';

const holdsFiles = (data: DataTransfer | null): data is DataTransfer =>
  data?.types.includes('Files') ?? false;

/** Takes files that are dropped anywhere on the window or pasted. @returns whether files hover over it now. */
export function useFileDrop(take: (files: readonly File[]) => void): boolean {
  const [hovering, setHovering] = useState(false);
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(() => {
    // Entering a child is heard before leaving its parent, hence the count.
    let inside = 0;
    const enter = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return;
      inside++;
      setHovering(true);
    };
    const over = (event: DragEvent) => {
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const leave = () => {
      inside = Math.max(0, inside - 1);
      if (inside === 0) setHovering(false);
    };
    const drop = (event: DragEvent) => {
      inside = 0;
      setHovering(false);
      if (!holdsFiles(event.dataTransfer)) return;
      event.preventDefault();
      latest.current([...event.dataTransfer.files]);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length > 0) latest.current(files);
    };
    const listeners = { dragenter: enter, dragover: over, dragleave: leave, drop, paste };
    for (const [name, listener] of Object.entries(listeners))
      window.addEventListener(name, listener as EventListener);
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        window.removeEventListener(name, listener as EventListener);
    };
  }, []);
  return hovering;
}
