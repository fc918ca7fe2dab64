/** HTML that is safe by the way it is written: whatever is put into a template is text, unless it is markup. */

export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Markup | readonly Part[] | null | false;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML, in elements and in quoted attributes. */
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] as string);

/** A template of HTML or SVG. Attributes have to be quoted. Lists are joined; null and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  let text = strings[0] as string;
  parts.forEach((part, i) => {
    text += written(part) + (strings[i + 1] as string);
  });
  return new Markup(text);
}

function written(part: Part): string {
  if (part === null || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'object') return part.map(written).join('');
  return escapeText(String(part));
}
