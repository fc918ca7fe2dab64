import { cellText } from './format.ts';
import styles from './user-id.module.css';

/** What the row of requests without a user id is called. */
export const NO_USER = 'No user id';
export const NO_USER_ABOUT =
  'These requests carried no `user`. Send your own id of the end user in the request’s `user` to see them apart.';

/** A user's id as text, whatever it holds; or that there is none. */
export function UserId({ id }: { readonly id: string | null }) {
  if (id === null) return <span className={styles.none}>{NO_USER}</span>;
  // Isolated, so that right-to-left ids do not turn what stands around them.
  return <bdi className={styles.id}>{cellText(id)}</bdi>;
}
