import { ChevronDown, Download } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { Button } from '../../components/button.tsx';
import menu from '../../components/menu.module.css';
import { exportGenerations, exportUsers, useExporting } from '../../hooks/exports.ts';
import { useFilters } from '../../hooks/filters.ts';
import { useCompleteness } from '../../hooks/use-coverage.ts';
import { completenessWords } from '../coverage/coverage-words.ts';

/** Says in the menu what is not complete of what would be written. */
function Incomplete() {
  const { range } = useFilters();
  const said = useCompleteness(range);
  const words = said && completenessWords(said);
  return words ? <p className={menu.note}>{words}.</p> : null;
}

/** What can be written to a file: both follow the filters. */
export function ExportMenu() {
  const exporting = useExporting();
  return (
    <MenuTrigger>
      <Button isDisabled={exporting}>
        <Download size={14} aria-hidden="true" />
        {exporting ? 'Exporting…' : 'Export'}
        <ChevronDown size={13} aria-hidden="true" />
      </Button>
      <Popover className={menu.popover!} placement="bottom end" offset={6}>
        <Menu className={menu.menu!} aria-label="Export">
          <MenuItem className={menu.item!} textValue="Users table (CSV)" onAction={exportUsers}>
            <Text slot="label">Users table (CSV)</Text>
            <Text slot="description" className={menu.about!}>
              One line per user, as filtered and sorted
            </Text>
          </MenuItem>
          <MenuItem className={menu.item!} textValue="Generations (CSV)" onAction={exportGenerations}>
            <Text slot="label">Generations (CSV)</Text>
            <Text slot="description" className={menu.about!}>
              One line per request, in OpenRouter’s own format
            </Text>
          </MenuItem>
        </Menu>
        <Incomplete />
      </Popover>
    </MenuTrigger>
  );
}
