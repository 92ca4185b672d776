"""Exams in states that take weeks to reach: rows put into the phone's own database, as a sync would."""

import gzip
import json
import time
from typing import Any

from playwright.sync_api import Page, Route

EXAM = "01a00000-0000-7000-8000-0000000000e1"

_PLANT = """
async ({ exam, plan, strengths }) => {
  const opened = await new Promise((done, fail) => {
    const request = indexedDB.open('wengu');
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const all = (table) => new Promise((done) => {
    const request = opened.transaction(table).objectStore(table).getAll();
    request.onsuccess = () => done(request.result);
  });
  const decks = (await all('decks')).sort((a, b) => a.position - b.position);
  const cards = await all('cards');
  const sections = decks.map((deck, place) => {
    const own = cards.filter((card) => card.deck_id === deck.id).length;
    const mean = strengths[place % strengths.length];
    const band = { mean, low: Math.max(0, mean - 0.05), high: Math.min(1, mean + 0.05) };
    return { key: deck.id, deck_id: deck.id, path: [], cards: own, seen: mean > 0.1 ? own : 0,
      share: own / cards.length, readiness: band, pinned: false, dropped: false };
  });
  const part = { ...sections[0], path: ['一部分'], key: `${sections[0].deck_id}/一部分` };
  sections.push(part);
  const fresh = cards.filter((card) => card.phase === 0).map((card) => card.id);
  const left = { count: plan.left_out, cards: fresh.slice(0, Math.min(200, plan.left_out)) };
  const writing = opened.transaction(['exams', 'exam_plans'], 'readwrite');
  writing.objectStore('exams').put(exam);
  writing.objectStore('exam_plans').put({ ...plan, cards: cards.length, sections, left_out: left });
  await new Promise((done) => { writing.oncomplete = done; });
  opened.close();
}
"""
_TODAY = "() => Math.floor((Date.now() + 4 * 3600_000) / 86_400_000)"


def plant(page: Page, ahead: int, *, past: int = 9, left_out: int = 0, **exam: Any) -> None:
    """An exam in `ahead` days (below 0: it is over), prepared for `past` days. Asia/Shanghai, from 04:00."""
    page.context.route("**/api/sync", _agree)
    today = int(page.evaluate(_TODAY))
    row = {
        "id": EXAM, "name": "公关员考试", "day": today + ahead, "time": 540, "decks": None, "sections": {},
        "cards": {}, "minutes": [15] * 7, "days_off": [], "target": None, "buffer_days": 0, "result": None,
        "archived": False, "version": 1, "seq": 1,
    }  # fmt: skip
    plan = {
        "exam_id": EXAM, "day": today, "made_at": 1, "seq": 2, "exam_version": 1, "seen": 60, "seconds": 900,
        "state": "over" if ahead < 0 else "solved", "readiness": _band(0.45), "outlook": _band(0.78),
        "five_more": 0.008, "path": _path(today, ahead), "history": _history(today, past),
        "left_out": left_out,
    }  # fmt: skip
    page.evaluate(_PLANT, {"exam": row | exam, "plan": plan, "strengths": [0.91, 0.72, 0.35, 0.0]})


def _agree(route: Route) -> None:
    """The server would refuse changes of an exam that it does not know."""
    body = route.request.post_data_buffer or b"{}"
    asked = json.loads(gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
    empty: dict[str, Any] = {
        "learner": None,
        "parameters": [],
        "decks": [],
        "notes": [],
        "cards": [],
        "tombstones": [],
    }
    answer = {
        "cursor": asked["cursor"], "more": False, "refused": [], "corrected": [], "conflicts": [],
        "acked": [item["id"] for item in [*asked["events"], *asked["edits"]]], "changes": empty,
        "server_time": int(time.time() * 1000), "digest": None,
    }  # fmt: skip
    route.fulfill(json=answer)


def _band(mean: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.04, "high": mean + 0.04}


def _path(today: int, ahead: int) -> list[dict[str, float]]:
    steps = max(ahead, 0)
    return [
        {"day": today + step, "seconds": 900, "new_cards": 12, **_band(0.45 + 0.33 * (step + 1) / steps)}
        for step in range(steps)
    ]


def _history(today: int, past: int) -> list[dict[str, Any]]:
    return [
        {
            "day": today - back, "planned": 900, "spent": 0 if back == 4 else 870,
            "readiness": _band(0.45 - 0.03 * back), "outlook": _band(0.78 - 0.005 * back),
        }
        for back in range(past, 0, -1)
    ]  # fmt: skip
