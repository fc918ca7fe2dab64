import { type ReactNode, useState } from 'react';
import { attempt } from '../hooks/notices.ts';
import { Button } from './button.tsx';
import { Modal } from './modal.tsx';

/** A question before something goes that does not come back by itself. */
export function Confirm({
  title,
  isOpen,
  onClose,
  children,
  keep = 'Cancel',
  confirm,
  isDisabled = false,
  onConfirm,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What will be lost, and what not. */
  readonly children: ReactNode;
  /** The button that leaves all as it is. */
  readonly keep?: string;
  /** The button that does it. */
  readonly confirm: string;
  readonly isDisabled?: boolean;
  readonly onConfirm: () => Promise<void>;
}) {
  return (
    <Modal
      title={title}
      role="alertdialog"
      isOpen={isOpen}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{keep}</Button>
          <Button
            look="danger"
            isDisabled={isDisabled}
            onPress={() => {
              onClose();
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
  );
}

/** A button that deletes something, after it has asked. */
export function ConfirmButton({
  label,
  ...question
}: {
  readonly label: string;
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly onConfirm: () => Promise<void>;
}) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button look="danger" onPress={() => setAsking(true)}>
        {label}
      </Button>
      <Confirm {...question} isOpen={asking} onClose={() => setAsking(false)} />
    </>
  );
}
