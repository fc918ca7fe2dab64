import { Check, ChevronDown, Unplug } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Button } from '../../components/button.tsx';
import menu from '../../components/menu.module.css';
import { isSameSource, setSource, sourceKey, useFilters } from '../../hooks/filters.ts';
import { useSources } from '../../hooks/use-sources.ts';
import styles from './source-filter.module.css';

/** Only what came from one connection, or from files. Not there while there is only one source. */
export function SourceFilter() {
  const { source } = useFilters();
  const sources = useSources();
  if (sources.length < 2 && source === null) return null;
  const everything = { ref: null, label: 'All connections' } as const;
  const choices = [everything, ...sources];
  const chosen = choices.find(({ ref }) => isSameSource(ref, source))?.label ?? 'Not connected any more';
  return (
    <MenuTrigger>
      <Button aria-label={`Connection: ${chosen}`}>
        <Unplug size={14} aria-hidden="true" />
        <span className={styles.chosen}>{chosen}</span>
        <ChevronDown size={13} aria-hidden="true" />
      </Button>
      <Popover className={menu.popover!} placement="bottom end" offset={6}>
        <Menu
          className={menu.menu!}
          aria-label="Connection"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[sourceKey(source)]}
          onAction={(key) => setSource(choices.find(({ ref }) => sourceKey(ref) === key)?.ref ?? null)}
        >
          {choices.map(({ ref, label }) => (
            <MenuItem
              key={sourceKey(ref)}
              id={sourceKey(ref)}
              className={`${menu.item} ${styles.item}`}
              textValue={label}
            >
              {({ isSelected }) => (
                <>
                  <span className={styles.label}>{label}</span>
                  {isSelected && <Check size={13} aria-hidden="true" />}
                </>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
