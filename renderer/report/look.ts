/** The report's style sheet with its font inside, so that the document needs nothing from anywhere. */
import inter from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?inline';
import type { ReportLook } from './document.ts';
import sheet from './report.css?raw';

const FONT = `@font-face {
  font-family: "Inter Variable";
  font-weight: 100 900;
  src: url("${inter}") format("woff2");
}
`;

export const LOOK: ReportLook = { css: FONT + sheet };
