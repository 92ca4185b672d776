// The words of a field without its markup.

/** Whether a text field may hold light markup (markup.ts). */
export function isRich(text: string): boolean {
  return /[*`$\\{]|!\[|^- |^\|/m.test(text);
}

/** The words of a field without its markup, for lists and for reading aloud. */
export function plain(text: string, format: 'text' | 'html'): string {
  if (format === 'text') return isRich(text) ? bare(text) : text;
  const words = text.replace(/<(br|\/p|\/div|\/li)\b[^>]*>/gi, '\n').replace(/<[^>]*>/g, '');
  return words.replace(/&(lt|gt|amp|quot|nbsp);/g, (entity) => entitiesByName[entity] ?? entity).trim();
}

function bare(text: string): string {
  return text
    .replace(/!\[([^\]\n]*)\]\(media\/[0-9a-f]{64}\)/g, '$1')
    .replace(/(?<!\{)\{([^{}|\n]+)\|[^{}|\n]+\}/g, '$1')
    .replace(/(?<![A-Za-z0-9])(\*\*?)(?=\S)(.+?)(?<=\S)\1(?![A-Za-z0-9])/g, '$2')
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/^\|[-:\s|]+\|$\n?/gm, '')
    .replace(/\\([\\*`${}|!-])/g, '$1');
}

const entitiesByName: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&nbsp;': ' ',
};
