import { column } from '../../../shared/columns.ts';
import { titleText } from '../../components/format.ts';
import type { FilePreview } from '../../csv/api.ts';
import styles from './first-rows.module.css';
import { readValue } from './preview-words.ts';

/** The first rows of a file, as they will be stored. */
export function FirstRows({ preview }: { readonly preview: FilePreview }) {
  const { firstColumns: keys, firstRows } = preview;
  if (firstRows.length === 0) return null;
  return (
    /* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls is scrolled by keyboard too */
    <section className={styles.scroll} tabIndex={0} aria-label="The first rows, as they will be read">
      <table className={styles.table}>
        <thead>
          <tr>
            {keys.map((key) => (
              <th key={key} scope="col" title={column(key).about}>
                {key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {firstRows.map((row, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the first rows stay where they are
            <tr key={place}>
              {row.map((value, at) => {
                const key = keys[at];
                const text = readValue(value, key === 'created_at');
                const isFigure = typeof value === 'number' || typeof value === 'bigint';
                return (
                  <td
                    key={key ?? at}
                    title={titleText(String(text))}
                    data-number={(isFigure && key !== 'created_at') || undefined}
                    data-unknown={value === null || undefined}
                  >
                    {text}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
