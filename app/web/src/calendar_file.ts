/** A calendar file (RFC 5545) that reminds of studying and of exams: a phone reminds by it without any network or service. */

const DAY_MS = 86_400_000;
const LONGEST_LINE = 75; // octets, RFC 5545 section 3.1
const MINUTES_OF_STUDY = 15;

export interface ExamDay {
  id: string;
  /** A calendar day as days since 1970. */
  day: number;
  /** Minutes after midnight, null when not known. */
  time: number | null;
  words: string;
}

export interface Reminders {
  /** The first day on which to be reminded of studying, and the minutes after midnight, wherever the phone is then. */
  first: number;
  time: number;
  words: string;
  /** Where to study. */
  url: string;
  exams: readonly ExamDay[];
}

/** The same uids each time: a calendar that takes the file again moves its entries instead of doubling them. */
export function calendarFile({ first, time, words, url, exams }: Reminders, now: number): string {
  const host = new URL(url).host;
  const stamp = `${new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const study = event(`study@${host}`, stamp, words, url, [
    `DTSTART:${at(first, time)}`,
    `DURATION:PT${MINUTES_OF_STUDY}M`,
    'RRULE:FREQ=DAILY',
    ...alarm('PT0S', words),
  ]);
  const days = exams.map((exam) => event(`${exam.id}@${host}`, stamp, exam.words, url, whenOf(exam)));
  const head = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Wengu//Reminders//EN', 'CALSCALE:GREGORIAN'];
  const lines = [...head, ...study, ...days.flat(), 'END:VCALENDAR'];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

/** An exam whose hour is not known fills its day; both remind on the day before. */
function whenOf({ day, time, words }: ExamDay): string[] {
  if (time !== null) return [`DTSTART:${at(day, time)}`, 'DURATION:PT2H', ...alarm('-P1D', words)];
  return [`DTSTART;VALUE=DATE:${date(day)}`, ...alarm('-PT4H', words)];
}

function event(uid: string, stamp: string, words: string, url: string, more: readonly string[]): string[] {
  const named = [`UID:${uid}`, `DTSTAMP:${stamp}`, `SUMMARY:${escaped(words)}`, `URL:${url}`];
  return ['BEGIN:VEVENT', ...named, ...more, 'END:VEVENT'];
}

function alarm(trigger: string, words: string): string[] {
  return ['BEGIN:VALARM', 'ACTION:DISPLAY', `TRIGGER:${trigger}`, `DESCRIPTION:${escaped(words)}`, 'END:VALARM'];
}

function date(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** A time without a zone: eight in the evening stays that on a journey. */
function at(day: number, time: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date(day)}T${two(Math.floor(time / 60))}${two(time % 60)}00`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\;,]/g, (mark) => `\\${mark}`).replaceAll(/\r?\n|\r/g, '\\n');
}

/** Lines are at most 75 octets long, and never cut inside a character. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  const parts = [''];
  let room = LONGEST_LINE;
  for (const letter of line) {
    const size = encoder.encode(letter).length;
    if (size > room) {
      parts.push('');
      room = LONGEST_LINE - 1;
    }
    parts[parts.length - 1] += letter;
    room -= size;
  }
  return parts.join('\r\n ');
}
