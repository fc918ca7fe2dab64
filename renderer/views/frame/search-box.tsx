import { Search, X } from 'lucide-react';
import { createRef } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { setSearch, useFilters } from '../../hooks/filters.ts';
import { go } from '../../hooks/route.ts';
import styles from './search-box.module.css';

const input = createRef<HTMLInputElement>();

/** Goes to the users and into the search box. */
export function find(): void {
  go({ view: 'users' });
  requestAnimationFrame(() => input.current?.select());
}

/** Filters the users by a part of their id. */
export function SearchBox() {
  const { search } = useFilters();
  return (
    <SearchField aria-label="Search users" className={styles.search!} value={search} onChange={setSearch}>
      <Search size={14} aria-hidden="true" />
      <Input ref={input} className={styles.input!} placeholder="User id contains…" spellCheck={false} />
      <Button className={styles.clear!} aria-label="Clear search">
        <X size={13} aria-hidden="true" />
      </Button>
    </SearchField>
  );
}
