// `import path from './file?asset'`: the path of a copy in the build.
/// <reference types="electron-vite/node" />
