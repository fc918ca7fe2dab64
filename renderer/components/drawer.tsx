import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from './button.tsx';
import styles from './drawer.module.css';
import modal from './modal.module.css';

/** A dialog at the right edge of the window, as high as it is: everything about one thing of a list. */
export function Drawer({
  title,
  isOpen,
  onClose,
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <ModalOverlay
      className={styles.overlay!}
      data-modal=""
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable
    >
      <Modal className={styles.drawer!}>
        <Dialog className={modal.dialog!}>
          <header className={styles.header}>
            <Heading slot="title" level={2} className={styles.title!}>
              {title}
            </Heading>
            <Button look="plain" square aria-label="Close" onPress={onClose}>
              <X size={15} aria-hidden="true" />
            </Button>
          </header>
          <div className={styles.content}>{children}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
