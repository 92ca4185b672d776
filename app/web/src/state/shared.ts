// Text that another app shared with this one: it arrives in the address of the page for a new card.

const WEB = /^https?:\/\//i;

/** The fields that a shared text fills: the text is the front, and where it comes from stands below the answer. */
export function sharedFields({ title, text, url }: Readonly<Record<string, string>>): Record<string, string> {
  const words = [text, title]
    .map((each) => (each ?? '').normalize('NFC').trim())
    .find((each) => each && !WEB.test(each));
  // Android puts the address of a shared page into the text.
  const address = [url, text].map((each) => (each ?? '').trim()).find((each) => WEB.test(each));
  const front = words ?? address;
  if (!front) return {};
  return address && !front.includes(address) ? { front, note: address } : { front };
}
