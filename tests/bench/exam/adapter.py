"""The product's planner as a policy of the simulator: it sees answers, days and minutes, never the truth."""

from typing import Any

import numpy as np

from app.core.exam.attendance import PastDay, learn_attendance
from app.core.exam.calibration import Calibration, LoggedAnswer
from app.core.exam.forecast import Readiness, outlook, readiness
from app.core.exam.memory import Array, Memory
from app.core.exam.plan import Learner, Plan, PriceCurve, make_plan
from app.core.exam.scope import Cards, Exam
from app.core.exam.session import Session
from app.core.exam.tables import open_session


class Student:
    """What the product would keep for one learner."""

    def __init__(self, memory: Memory, stability: Array, difficulty: Array, last: Array, seen: Any) -> None:
        self.calibration = Calibration(memory, stability, difficulty, seen, np.floor(last + 1e-6))
        self.past: list[PastDay] = []
        self.curve: tuple[PriceCurve, int] | None = None
        self.session: Session | None = None
        self.plan_of_today: Plan | None = None
        self.today: list[LoggedAnswer] = []

    def cards(self, day: int) -> Cards:
        """The cards as they stand at the start of a day."""
        seen = self.calibration.seen
        stability = np.where(seen, self.calibration.stability(), 1.0)
        age = np.where(seen, self.calibration.last_day - day, -1).astype(np.int64)
        return Cards(stability, self.calibration.difficulty, age, seen.copy(), np.zeros(seen.size, np.int64))

    def plan(self, day: int, exam: Exam, seconds: Array) -> Session:
        """A new plan for what is left, warm from the last one, and today's session."""
        calibration = self.calibration
        learner = Learner(
            memory=calibration.memory,
            attendance=learn_attendance(self.past),
            shift=calibration.shift(float(day))[0],
        )
        cards = self.cards(day)
        earlier = None if self.curve is None else (self.curve[0], day - self.curve[1])
        plan = make_plan(cards, [exam], seconds, learner, earlier)
        self.curve = (plan.curve, day)
        self.plan_of_today = plan
        self.session = open_session(plan, cards, float(seconds[0]))
        return self.session

    def close(self, planned: float) -> None:
        """The day is over: learn from its answers and from whether there were any."""
        spent = self.session.spent if self.session else 0.0
        self.past.append(PastDay(planned, min(spent, planned)))
        self.calibration.learn(self.today)
        self.today = []


class Wengu:
    """The policy. One `Student` for each simulated learner; `halfway` is the outlook at half time."""

    def begin(self, c: Any) -> None:
        memory = Memory(tuple(float(weight) for weight in c.w))
        self.students = [Student(memory, c.S[i], c.D[i], c.last[i], c.seen[i]) for i in range(c.L)]
        self.halfway: list[Readiness] = []
        self.bands: list[Readiness] = []

    def exam(self, c: Any, day: int) -> Exam:
        return Exam(at=float(c.te) - day, section=np.zeros(c.N, dtype=np.int64))

    def seconds(self, c: Any) -> Array:
        """Seconds of study by day."""
        return np.full(c.T, float(c.B))

    def day(self, c: Any) -> Array:
        scores = np.empty((c.L, c.N))
        exam, seconds = self.exam(c, c.d), self.seconds(c)[c.d :]
        for i, student in enumerate(self.students):
            if c.d:
                student.close(float(self.seconds(c)[c.d - 1]))
            session = student.plan(c.d, exam, seconds)
            scores[i] = session.scores - 1e-9 * c.perm[i] * ~student.calibration.seen
            if c.d == c.T // 2:
                cards = student.cards(c.d)
                assert student.plan_of_today is not None
                self.halfway.append(outlook(student.plan_of_today, student.calibration, cards, exam, c.d))
        return scores

    def after(self, c: Any, score: Array, r: Any, q: Any, new: Any, ok: Any) -> None:
        for learner, card, fresh, passed in zip(r, q, new, ok, strict=True):
            student = self.students[learner]
            assert student.session is not None
            grade = int(c.grade1[learner, card]) if fresh else (3 if passed else 1)
            student.session.answered(int(card), grade, 20.0 if fresh else (8.0 if passed else 18.0))
            student.today.append(LoggedAnswer(int(card), int(c.d), grade))
            score[learner, card] = student.session.scores[card]

    def stand(self, c: Any) -> list[Readiness]:
        """Each learner's readiness after the last session, with its band."""
        last = c.T - 1
        for student in self.students:
            if len(student.past) <= last:
                student.close(float(self.seconds(c)[last]))
        exam = self.exam(c, last)
        return [readiness(s.calibration, s.cards(last), exam, float(last)) for s in self.students]

    def forecast(self, c: Any) -> Array:
        self.bands = self.stand(c)
        means = np.array([stand.mean for stand in self.bands])
        return np.repeat(means[:, None], c.N, axis=1)
