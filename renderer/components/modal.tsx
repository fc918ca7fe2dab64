import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal as AriaModal, ModalOverlay } from 'react-aria-components/Modal';
import { Button } from './button.tsx';
import styles from './modal.module.css';

export interface ModalProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Whether Escape and the cross close it; not while something runs that it alone shows. */
  readonly closable?: boolean;
  /** `alertdialog` where a choice has to be made. */
  readonly role?: 'dialog' | 'alertdialog';
  readonly width?: 'normal' | 'wide' | 'widest';
  readonly children: ReactNode;
  /** Buttons, the main one last. */
  readonly actions?: ReactNode;
  /** Words beside the buttons. */
  readonly aside?: ReactNode;
}

/** A dialog in the middle of the window. */
export function Modal(props: ModalProps) {
  const {
    title,
    isOpen,
    onClose,
    closable = true,
    role = 'dialog',
    width = 'normal',
    children,
    actions,
    aside,
  } = props;
  return (
    <ModalOverlay
      className={styles.overlay!}
      data-modal=""
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={closable && role === 'dialog'}
      isKeyboardDismissDisabled={!closable}
    >
      <AriaModal className={`${styles.modal} ${styles[width]}`}>
        <Dialog role={role} className={styles.dialog!}>
          <header className={styles.header}>
            <Heading slot="title" level={2} className={styles.title!}>
              {title}
            </Heading>
            {closable && (
              <Button look="plain" square aria-label="Close" onPress={onClose}>
                <X size={15} aria-hidden="true" />
              </Button>
            )}
          </header>
          <div className={styles.content}>{children}</div>
          {actions && (
            <footer className={styles.actions}>
              {aside && <div className={styles.aside}>{aside}</div>}
              {actions}
            </footer>
          )}
        </Dialog>
      </AriaModal>
    </ModalOverlay>
  );
}
