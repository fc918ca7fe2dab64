import type { KeychainState } from '../shared/ipc.ts';

/** The part of Electron's `safeStorage` that is used; the forms that the oldest supported runtime has too. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  getSelectedStorageBackend(): string;
  encryptString(text: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

/** The system's keychain, which holds the secret that our blobs are encrypted with. */
export interface Keychain {
  state(): KeychainState;
  /** @returns base64. Only where the keychain is usable. */
  encrypt(text: string): string;
  /** @throws when the keychain is locked, or holds another secret than when the blob was made */
  decrypt(blob: string): string;
}

const NAMES: Partial<Record<NodeJS.Platform, string>> = { darwin: 'Keychain', win32: 'DPAPI' };

/** Linux without a keyring: encrypted with a password that everybody knows. */
const OPEN_TO_ALL = ['basic_text', 'unknown'];

export function createKeychain(storage: SafeStorage, platform = process.platform): Keychain {
  function state(): KeychainState {
    const backend =
      platform === 'linux' ? storage.getSelectedStorageBackend() : (NAMES[platform] ?? platform);
    if (storage.isEncryptionAvailable() && !OPEN_TO_ALL.includes(backend)) return { usable: true, backend };
    return {
      usable: false,
      reason:
        platform === 'linux'
          ? 'No keyring (GNOME Keyring or KWallet) is open in this session.'
          : 'The system’s keychain is not available.',
    };
  }

  return {
    state,
    encrypt: (text) => storage.encryptString(text).toString('base64'),
    decrypt: (blob) => storage.decryptString(Buffer.from(blob, 'base64')),
  };
}
