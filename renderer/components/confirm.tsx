import { type ReactNode, useState } from 'react';
import { attempt } from '../hooks/notices.ts';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

/** A button that deletes something, after it has asked. */
export function ConfirmButton({
  label,
  title,
  children,
  confirm,
  onConfirm,
}: {
  readonly label: string;
  readonly title: string;
  /** What will be lost, and what not. */
  readonly children: ReactNode;
  /** The button that does it. */
  readonly confirm: string;
  readonly onConfirm: () => Promise<void>;
}) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="danger" onPress={() => setAsking(true)}>
        {label}
      </Button>
      <Modal
        title={title}
        role="alertdialog"
        isOpen={asking}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button onPress={() => setAsking(false)}>Cancel</Button>
            <Button
              look="danger"
              onPress={() => {
                setAsking(false);
                attempt(onConfirm());
              }}
            >
              {confirm}
            </Button>
          </>
        }
      >
        {children}
      </Modal>
    </>
  );
}
