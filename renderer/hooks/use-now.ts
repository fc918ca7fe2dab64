import { useEffect, useState } from 'react';

/** The time, refreshed now and then for texts such as "5 minutes ago". */
export function useNow(everyMilliseconds = 20_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const look = () => setNow(Date.now());
    look();
    const timer = setInterval(look, everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds]);
  return now;
}
