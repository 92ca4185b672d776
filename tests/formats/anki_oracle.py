"""Runs inside an environment of its own that holds Anki; never imported by the product or the other tests.

`make FOLDER` writes packages with Anki and what Anki knows about them; `open FOLDER` reads packages that the
product wrote and prints the same; `build FOLDER` makes collections of plans; `hurry FOLDER` takes the time.
All print JSON.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

anki = importlib.import_module("anki.collection")
DAY = 86_400


def fill(col: Any, folder: Path) -> None:
    """Cards in every state, by Anki's own scheduler and by rows as years of use would leave them."""
    deck = col.decks.id("父::子")
    picture = folder / "猫.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\npixels")
    col.media.add_file(str(picture))
    add(col, deck, "Basic", ["猫", '<img src="猫.png"> cat'], "a b::c")
    add(col, deck, "Basic (and reversed card)", ["犬", "dog"], "")
    add(col, deck, "Basic (type in the answer)", ["π", "3.14"], "")
    add(col, col.decks.id("二"), "Cloze", ["{{c1::甲}}与{{c2::乙::几}}", "注"], "x")
    for number in range(6):
        add(col, deck, "Basic", [f"问 {number}", f"答 {number}"], "")
    col.set_config("fsrs", True)
    col.decks.select(col.decks.id("父"))
    for ease in (3, 4, 1, 2, 3):
        card = col.sched.getCard()
        card.start_timer()
        col.sched.answerCard(card, ease)
    history(col)
    cram(col)
    last = col.find_cards("")[-1]
    col.sched.suspend_cards([last])
    col.set_user_flag_for_cards(4, [last])


def add(col: Any, deck: int, kind: str, values: list[str], tags: str) -> None:
    note = col.new_note(col.models.by_name(kind))
    for place, value in enumerate(values):
        note.fields[place] = value
    note.set_tags_from_str(tags)
    col.add_note(note, deck)


def history(col: Any) -> None:
    """A card of three years, one whose log lost its beginning, and one with a state but no log."""
    cards = list(col.find_cards("is:new 问"))[:3]
    today, now = col.sched.today, int(time.time())
    rows = [
        (1000, 3, 1, -600, 0, 0), (970, 3, 4, 1, 2500, 1), (900, 1, -600, 30, 2300, 1),
        (899, 3, 5, -600, 2300, 2), (400, 4, 500, 200, 2450, 1),
    ]  # fmt: skip
    for card, log in ((cards[0], rows), (cards[1], rows[2:])):
        for ago, ease, interval, last, factor, kind in log:
            col.db.execute(
                "insert into revlog values (?, ?, -1, ?, ?, ?, ?, 5000, ?)",
                (now - ago * DAY) * 1000 + card % 1000, card, ease, interval, last, factor, kind,
            )  # fmt: skip
    memory = json.dumps({"s": 320.5, "d": 5.25, "dr": 0.9})
    change = "type=2, queue=2, ivl=500, factor=2450, lapses=1, due=?, reps=?, data=?"
    for place, card in enumerate(cards):
        col.db.execute(
            f"update cards set {change} where id=?",
            today + 40 + place, (5, 9, 12)[place], memory if place < 2 else "{}", card,
        )  # fmt: skip


def cram(col: Any) -> None:
    """A filtered deck that holds a review card at the time of the export, and a cram row."""
    card = col.find_cards("is:review")[0]
    deck = col.sched.get_or_create_filtered_deck(0)
    deck.name = "Cram"
    del deck.config.search_terms[1:]
    deck.config.search_terms[0].search = f"cid:{card}"
    deck.config.reschedule = False
    col.sched.add_or_update_filtered_deck(deck)
    col.db.execute(
        "insert into revlog values (?, ?, -1, 3, 0, 0, 0, 900, 3)", int(time.time() * 1000) - 500, card
    )


def known(col: Any) -> dict[str, Any]:
    """What Anki knows, in the terms of the product: notes by guid, days since 1970."""
    notes = {}
    first_day = (col.crt - (col.get_config("creationOffset") or 0) * 60) // DAY
    for note_id in col.find_notes(""):
        note = col.get_note(note_id)
        notes[note.guid] = {
            "fields": dict(note.items()), "tags": sorted(note.tags), "type": note.note_type()["name"],
            "cards": {str(card.ord): state(col, card, first_day) for card in note.cards()},
        }  # fmt: skip
    media = sorted(name for name in os.listdir(col.media.dir()) if not name.startswith("_"))
    return {"notes": notes, "media": media}


def state(col: Any, card: Any, first_day: int) -> dict[str, Any]:
    due = card.odue if card.odid and card.odue else card.due
    seconds = due > 10**9
    rows = col.db.all("select id, ease, type, factor from revlog where cid=? order by id", card.id)
    memory = card.memory_state
    return {
        "deck": col.decks.name(card.odid or card.did),
        "type": card.type,
        "due_day": None if card.type == 0 or seconds else first_day + due,
        "due_at": due * 1000 if card.type != 0 and seconds else None,
        "position": due if card.type == 0 else None,
        "stability": memory.stability if memory else None,
        "difficulty": memory.difficulty if memory else None,
        "suspended": card.queue == -1,
        "flag": card.flags & 7,
        "reps": card.reps,
        "lapses": card.lapses,
        "reviews": rows,
    }


def make(folder: Path) -> None:
    col = anki.Collection(str(folder / "source.anki2"))
    fill(col, folder)
    sys.stdout.write(json.dumps(known(col)) + "\n")
    for name, legacy in (("latest.apkg", False), ("legacy2.apkg", True)):
        options = anki.ExportAnkiPackageOptions(
            with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
        )
        col.export_anki_package(out_path=str(folder / name), limit=None, options=options)
    for name, legacy in (("legacy.colpkg", True), ("latest.colpkg", False)):
        col.export_collection_package(str(folder / name), True, legacy)
        col.reopen(after_full_sync=False)
    col.close()


def open_packages(folder: Path) -> None:
    found = {}
    for path in sorted(folder.glob("*.apkg")):
        own = folder / path.stem
        own.mkdir()
        col = anki.Collection(str(own / "c.anki2"))
        request = anki.ImportAnkiPackageRequest(
            package_path=str(path),
            options=anki.ImportAnkiPackageOptions(with_scheduling=True, with_deck_configs=True),
        )
        col.import_anki_package(request)
        col.fix_integrity()
        found[path.name] = known(col)
        col.close()
    sys.stdout.write(json.dumps(found) + "\n")


def build(folder: Path) -> None:
    """The collections of `plans.json`, each as a package of every generation that Anki still writes."""
    truth = []
    for place, plan in enumerate(json.loads((folder / "plans.json").read_text("utf-8"))):
        col = anki.Collection(str(folder / f"{place}.anki2"))
        col.set_config("fsrs", True)
        for number, note in enumerate(plan):
            planned(col, folder, note, place * 1000 + number)
        truth.append(known(col))
        for name, legacy in (("latest", False), ("legacy2", True)):
            options = anki.ExportAnkiPackageOptions(
                with_scheduling=True, with_deck_configs=True, with_media=True, legacy=legacy
            )
            col.export_anki_package(
                out_path=str(folder / f"{place}-{name}.apkg"), limit=None, options=options
            )
        col.close()
    sys.stdout.write(json.dumps(truth) + "\n")


def planned(col: Any, folder: Path, plan: dict[str, Any], number: int) -> None:
    """One note; all of its cards have the planned state, with the log moved a little for each."""
    if plan["picture"]:
        picture = folder / plan["picture"]
        picture.write_bytes(b"\x89PNG\r\n\x1a\n" + plan["picture"].encode())
        col.media.add_file(str(picture))
    add(col, col.decks.id(plan["deck"]), plan["type"], plan["fields"], " ".join(plan["tags"]))
    for card in col.find_cards(f"nid:{max(col.find_notes(''))}"):
        place(col, card, plan, number)


def place(col: Any, card: int, plan: dict[str, Any], number: int) -> None:
    """The card's planned state and log, by rows."""
    now = int(time.time())
    for ago, ease, interval, last, factor, kind in plan["log"]:
        at = (now - ago * DAY) * 1000 + number * 10 + col.get_card(card).ord
        review = (at, card, ease, interval, last, factor, kind)
        col.db.execute("insert into revlog values (?, ?, -1, ?, ?, ?, ?, 4000, ?)", *review)
    if plan["phase"]:
        memory = json.dumps({"s": plan["memory"][0], "d": plan["memory"][1]}) if plan["memory"] else "{}"
        due = col.sched.today + plan["due"]
        values = (due, plan["interval"], plan["reps"], plan["lapses"], memory, card)
        change = "type=2, queue=2, due=?, ivl=?, factor=2500, reps=?, lapses=?, data=?"
        col.db.execute(f"update cards set {change} where id=?", *values)
    if plan["put"]:
        col.sched.suspend_cards([card])
    if plan["flag"]:
        col.set_user_flag_for_cards(plan["flag"], [card])


def hurry(folder: Path) -> None:
    """Seconds in which Anki imports `big.apkg`, imports it again, and exports the collection."""
    col = anki.Collection(str(folder / "hurry.anki2"))
    request = anki.ImportAnkiPackageRequest(
        package_path=str(folder / "big.apkg"), options=anki.ImportAnkiPackageOptions(with_scheduling=True)
    )
    options = anki.ExportAnkiPackageOptions(
        with_scheduling=True, with_deck_configs=True, with_media=True, legacy=False
    )
    out = str(folder / "out.apkg")
    seconds = {}
    for name in ("import", "again", "export"):
        began = time.perf_counter()
        if name == "export":
            col.export_anki_package(out_path=out, limit=None, options=options)
        else:
            col.import_anki_package(request)
        seconds[name] = time.perf_counter() - began
    col.close()
    sys.stdout.write(json.dumps(seconds) + "\n")


{"make": make, "open": open_packages, "build": build, "hurry": hurry}[sys.argv[1]](Path(sys.argv[2]))
