"""Where the exam simulator lies, and its modules. It is no part of this repository."""

import importlib
import os
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[3]


class SimulatorAbsent(Exception):
    """The simulator's folder is not there."""


def folder() -> Path:
    """The simulator's folder: WENGU_EXAM_BENCH, or ../shared/exam-bench beside the repository."""
    path = Path(os.environ.get("WENGU_EXAM_BENCH", ROOT.parent / "shared" / "exam-bench"))
    if not (path / "sim.py").is_file():
        raise SimulatorAbsent(f"the exam simulator is not at {path} (set WENGU_EXAM_BENCH to its folder)")
    return path


def module(name: str) -> ModuleType:
    """One of the simulator's modules, as it calls itself."""
    path = str(folder())
    if path not in sys.path:
        sys.path.insert(0, path)
    sys.dont_write_bytecode = True
    return importlib.import_module(name)
