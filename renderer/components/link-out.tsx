import { ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LinkName } from '../../shared/ipc.ts';
import { call, main } from '../client.ts';
import { attempt } from '../hooks/notices.ts';
import { TextButton } from './button.tsx';

/** Opens one of the known pages in the reader's browser. */
export function LinkOut({ to, children }: { readonly to: LinkName; readonly children: ReactNode }) {
  return (
    <TextButton onPress={() => attempt(call(main.openLink({ link: to })))}>
      {children}
      <ArrowUpRight size={13} aria-hidden="true" />
    </TextButton>
  );
}
