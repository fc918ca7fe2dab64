import { Check, TriangleAlert, X } from 'lucide-react';
import { Text } from 'react-aria-components/Text';
import {
  UNSTABLE_Toast as Toast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components/Toast';
import { notices } from '../hooks/notices.ts';
import { Button } from './button.tsx';
import styles from './notices.module.css';

/** The notices, at the lower edge of the window. */
export function Notices() {
  return (
    <ToastRegion queue={notices} className={styles.region!} aria-label="Notices">
      {({ toast }) => (
        <Toast data-notice="" toast={toast} className={`${styles.notice} ${styles[toast.content.tone]}`}>
          {toast.content.tone === 'done' ? (
            <Check size={15} aria-hidden="true" />
          ) : (
            <TriangleAlert size={15} aria-hidden="true" />
          )}
          <ToastContent className={styles.content!}>
            <Text slot="title" className={styles.title!}>
              {toast.content.title}
            </Text>
            {toast.content.text && (
              <Text slot="description" className={styles.text!}>
                {toast.content.text}
              </Text>
            )}
          </ToastContent>
          <Button slot="close" look="plain" square aria-label="Dismiss">
            <X size={14} aria-hidden="true" />
          </Button>
        </Toast>
      )}
    </ToastRegion>
  );
}
