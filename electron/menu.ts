import type { MenuItemConstructorOptions } from 'electron';
import type { LinkName, MenuCommand } from '../shared/ipc.ts';

export interface MenuOptions {
  readonly platform: NodeJS.Platform;
  /** Shows what developers need: reloading, the developer tools. */
  readonly development: boolean;
  readonly command: (command: MenuCommand) => void;
  readonly openLink: (link: LinkName) => void;
}

/** The application menu: every command with its shortcut, and the system's own. */
export function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { platform, development, command, openLink } = options;
  const isMac = platform === 'darwin';
  const separator = { type: 'separator' } as const;
  const item = (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: name,
    label,
    click: () => command(name),
    ...(accelerator && { accelerator }),
  });
  const link = (label: string, name: LinkName): MenuItemConstructorOptions => ({
    label,
    click: () => openLink(name),
  });
  const settings = item('Settings…', 'settings', 'CmdOrCtrl+,');

  return [
    ...(isMac
      ? [
          {
            role: 'appMenu' as const,
            submenu: [
              { role: 'about' as const },
              separator,
              settings,
              separator,
              { role: 'services' as const },
              separator,
              { role: 'hide' as const },
              { role: 'hideOthers' as const },
              { role: 'unhide' as const },
              separator,
              { role: 'quit' as const },
            ],
          },
        ]
      : []),
    {
      role: 'fileMenu',
      submenu: [
        item('Open activity CSV…', 'openFiles', 'CmdOrCtrl+O'),
        separator,
        item('Export table…', 'exportTable', 'CmdOrCtrl+E'),
        item('Export generations…', 'exportGenerations', 'CmdOrCtrl+Shift+E'),
        item('Make report…', 'exportReport', 'CmdOrCtrl+P'),
        separator,
        // Developers reload with the same keys.
        item('Sync', 'sync', development ? undefined : 'CmdOrCtrl+R'),
        ...(isMac ? [] : [separator, settings]),
        separator,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    {
      role: 'editMenu',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        separator,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
        separator,
        item('Find', 'find', 'CmdOrCtrl+F'),
      ],
    },
    {
      role: 'viewMenu',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(development ? [separator, { role: 'reload' as const }, { role: 'toggleDevTools' as const }] : []),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        item('Keyboard shortcuts', 'shortcuts', 'CmdOrCtrl+/'),
        separator,
        link('User tracking in OpenRouter’s docs', 'userTracking'),
        link('Activity on OpenRouter', 'activity'),
        link('Management keys on OpenRouter', 'managementKeys'),
        ...(isMac ? [] : [separator, { role: 'about' as const }]),
      ],
    },
  ];
}
