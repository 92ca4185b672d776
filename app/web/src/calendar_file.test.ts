import { describe, expect, it } from 'vitest';
import { calendarFile } from './calendar_file';

const NOW = Date.UTC(2026, 10, 29, 3, 4, 5, 678);
const TODAY = Math.floor(NOW / 86_400_000);
const BASE = { first: TODAY, time: 1205, words: '学一会儿', url: 'https://wengu.example/study', exams: [] };

function unfolded(file: string): string[] {
  return file.replaceAll('\r\n ', '').split('\r\n');
}

describe('a calendar file', () => {
  it('reminds each day at the hour chosen, wherever the phone is', () => {
    const lines = unfolded(calendarFile(BASE, NOW));
    expect(lines).toContain('DTSTART:20261129T200500');
    expect(lines).toContain('RRULE:FREQ=DAILY');
    expect(lines).toContain('TRIGGER:PT0S');
    expect(lines).toContain('DTSTAMP:20261129T030405Z');
    expect(lines).toContain('URL:https://wengu.example/study');
    expect(lines.at(0)).toBe('BEGIN:VCALENDAR');
    expect(lines.slice(-2)).toEqual(['END:VCALENDAR', '']);
  });

  it('takes up exams, by the hour or for the whole day, with the same names each time', () => {
    const exams = [
      { id: 'a', day: TODAY + 4, time: 540, words: '考试：公关，礼仪' },
      { id: 'b', day: TODAY + 5, time: null, words: 'Exam; two\nlines, and \\' },
    ];
    const lines = unfolded(calendarFile({ ...BASE, exams }, NOW));
    expect(lines).toContain('DTSTART:20261203T090000');
    expect(lines).toContain('DTSTART;VALUE=DATE:20261204');
    expect(lines).toContain('SUMMARY:Exam\\; two\\nlines\\, and \\\\');
    expect(lines.filter((line) => line.startsWith('UID:'))).toEqual([
      'UID:study@wengu.example',
      'UID:a@wengu.example',
      'UID:b@wengu.example',
    ]);
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(3);
  });

  it('has lines of 75 octets at most, cut between characters', () => {
    const file = calendarFile({ ...BASE, words: '学'.repeat(99) + '😀'.repeat(40) }, NOW);
    const longest = Math.max(...file.split('\r\n').map((line) => new TextEncoder().encode(line).length));
    expect(longest).toBeLessThanOrEqual(75);
    expect(unfolded(file)).toContain(`SUMMARY:${'学'.repeat(99)}${'😀'.repeat(40)}`);
    expect(file).not.toMatch(/[^\r]\n/);
  });
});
