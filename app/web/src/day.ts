/** The learner day: days since 1970-01-01 of (wall clock in the learner's zone − rollover hour). */

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
// Zone rules mean nothing outside these years (1970 to 3000); forged times beyond take the nearest offset.
const EARLIEST_MS = 0;
const LATEST_MS = 32_503_680_000_000;
const WIDEST_OFFSET_MS = 16 * HOUR_MS;

interface Temporal {
  Instant: {
    fromEpochMilliseconds(ms: number): { toZonedDateTimeISO(zone: string): { offsetNanoseconds: number } };
  };
  Now: { timeZoneId(): string };
}

// Where the browser has it: the first use of Intl's formats reads the data of all languages, a long moment of every start.
const temporal = (globalThis as { Temporal?: Temporal }).Temporal;
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

// Since 1979 zones change at whole minutes only; asked for the same minute again, as while somebody studies, nothing is worked out.
const WHOLE_MINUTES_FROM_MS = 3e11;
let last = { zone: '', minute: -1, offset: 0 };

/** Wall clock minus UTC in `zone` at the instant `at`, ms. Throws RangeError for an unknown zone. */
function offsetMs(at: number, zone: string): number {
  const moment = Math.min(Math.max(at, EARLIEST_MS), LATEST_MS);
  const minute = Math.floor(moment / 60_000);
  if (last.minute === minute && last.zone === zone) return last.offset;
  const offset = workedOut(moment, zone);
  if (moment >= WHOLE_MINUTES_FROM_MS) last = { zone, minute, offset };
  return offset;
}

function workedOut(moment: number, zone: string): number {
  if (temporal) {
    const there = temporal.Instant.fromEpochMilliseconds(Math.floor(moment)).toZonedDateTimeISO(zone);
    return there.offsetNanoseconds / 1_000_000;
  }
  const parts: Record<string, number> = {};
  for (const part of formatOf(zone).formatToParts(moment)) parts[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

/** The learner day of the instant `at` (ms UTC). Throws RangeError for an unknown zone. */
export function learnerDay(at: number, zone: string, rolloverHour: number): number {
  return Math.floor((at + offsetMs(at, zone) - rolloverHour * HOUR_MS) / DAY_MS);
}

/** The first instant (ms UTC) whose learner day is `day`, or the next one where a zone skipped that day. */
export function dayStartsAt(day: number, zone: string, rolloverHour: number): number {
  const nominal = day * DAY_MS + rolloverHour * HOUR_MS;
  let before = nominal - WIDEST_OFFSET_MS;
  let after = nominal + WIDEST_OFFSET_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (learnerDay(middle, zone, rolloverHour) >= day) after = middle;
    else before = middle;
  }
  return after;
}

/** The zone of this device, UTC where the browser does not tell. */
export function deviceZone(): string {
  return temporal?.Now.timeZoneId() ?? (new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC');
}
