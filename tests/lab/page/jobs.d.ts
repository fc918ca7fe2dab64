/** Made by the build (see build.ts): the files of the folder of jobs, by their names. */
declare module 'lab:jobs' {
  export const jobs: Readonly<Record<string, () => Promise<unknown>>>;
}
