"""The simulated users of the proof: each repeats an action, and reacts to failures like a browser or a person.

Acknowledged actions are recorded here; `tests.faults.judging` compares them with the database.
"""

import http.client
import re
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count, cycle
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

CSRF = "a" * 32
PATIENCE = 1.0
"""Seconds after which a failed request is repeated."""
LONGEST = 40
"""Seconds after which a request counts as unanswered. Its sender repeats it."""


@dataclass
class Answer:
    status: int
    text: str
    headers: dict[str, str]
    tries: int = 1
    """The number of requests until this answer."""


@dataclass
class Record:
    """The results of one kind of operation, as its users saw them. Written by several threads."""

    tried: int = 0
    acknowledged: list[dict[str, Any]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    """How requests ended: a status, or `no answer`."""
    wrong: list[str] = field(default_factory=list)
    """Answers that nobody should get: a server error other than 503, a conflict with oneself, a lost session."""


SIGNED_FIELDS = re.compile(r'name="(rendered_for|text|read)" value="([^"]*)"')
"""The fields of a declaration that identify the reader and the text that was read."""


class Crowd:
    """All simulated users of the site, until `has_ended`."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.has_ended = threading.Event()
        self.fault = "none yet"
        """What is broken at present. What is acknowledged counts under it, and so do answers."""
        self.faults: dict[str, Counter[str]] = {}
        self.rests = threading.Event()
        """While it is set, nobody sends figures or asks for a report."""
        self.records: dict[str, Record] = {}
        self.lock = threading.Lock()
        self.threads: list[threading.Thread] = []
        self.broken: list[str] = []

    def start(self, name: str, work: Callable[[], None]) -> None:
        def run() -> None:
            try:
                work()
            except BaseException as error:
                self.broken.append(f"{name}: {error!r}")
                raise

        thread = threading.Thread(target=run, name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """Let nobody begin another action, and wait until those under way are finished."""
        self.has_ended.set()
        deadline = time.monotonic() + 3 * LONGEST
        for thread in self.threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                self.broken.append(f"{thread.name}: did not come to an end")

    def record(self, kind: str) -> Record:
        with self.lock:
            return self.records.setdefault(kind, Record())

    # --- Requests ----------------------------------------------------------------------------------------------------

    def ask(
        self, record: Record, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Answer | None:
        """Send one request. Return None if it was not answered. Record answers that nobody should get."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
        try:
            line.request(method, path, body or None, headers or {})
            got = line.getresponse()
            answer = Answer(got.status, got.read().decode(errors="replace"), dict(got.getheaders()))
        except (OSError, http.client.HTTPException):
            answer = None
        finally:
            line.close()
        with self.lock:
            outcome = str(answer.status) if answer else "no answer"
            record.answers[outcome] += 1
            self.faults.setdefault(self.fault, Counter())[outcome] += 1
            if answer and answer.status >= 500 and answer.status != 503:
                record.wrong.append(f"{answer.status} {method} {path}")
            if (
                answer
                and answer.status == 503
                and not path.startswith("/healthz")
                and "Retry-After" not in answer.headers
            ):
                record.wrong.append(f"503 without Retry-After {method} {path}")
        return answer

    def until_answered(self, record: Record, *request: Any) -> Answer:
        """Repeat a request until it is answered with anything other than 503."""
        for tries in count(1):
            answer = self.ask(record, *request)
            if answer is not None and answer.status != 503 and answer.status < 500:
                return replace(answer, tries=tries)
            time.sleep(PATIENCE)
        raise AssertionError("It counts for ever.")

    def note(self, record: Record, **what: Any) -> None:
        with self.lock:
            record.acknowledged.append(what | {"fault": self.fault})

    def note_wrong(self, record: Record, what: str) -> None:
        with self.lock:
            record.wrong.append(what)

    def _rest(self) -> None:
        while self.rests.is_set() and not self.has_ended.wait(0.1):
            pass

    # --- What people do ----------------------------------------------------------------------------------------------

    def sign_in(self, email: str, password: str) -> dict[str, str]:
        """Sign in with the form. Return the headers of the session."""
        record = self.record("sign in")
        record.tried += 1
        form = urlencode({"login": email, "password": password}).encode()
        answer = self.until_answered(record, "POST", "/accounts/login/", form, headers_of(""))
        session = re.search(r"sessionid=(\w+)", answer.headers.get("Set-Cookie", ""))
        if answer.status != 302 or not session:
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
        self.note(record, email=email)
        return headers_of(session[1])

    def keep_saving(self, writer: dict[str, Any], headers: dict[str, str]) -> None:
        """Save answers as the page's script does: a uid for each save, the same one if it is sent again."""
        record, headers = self.record("save"), headers | {"Accept": "application/json"}
        versions = dict.fromkeys(writer["save"], 0)
        for code in cycle(versions):
            if self.has_ended.is_set():
                return
            uid, sent_at = str(uuid4()), time.time()
            fields = {"level": "2", "words": uid, "version": versions[code], "save_uid": uid}
            record.tried += 1
            path = writer["save"][code]
            answer = self.until_answered(record, "POST", path, urlencode(fields).encode(), headers)
            if answer.status == 200 and "version" in answer.text:
                versions[code] = int(re.search(r'"version": (\d+)', answer.text)[1])  # type: ignore[index]
                kept = {"uid": uid, "evaluation": writer["evaluation"], "code": code, "version": versions[code]}
                self.note(record, **kept, sent_at=sent_at, answered_at=time.time(), tries=answer.tries)
            else:
                self.note_wrong(record, f"{answer.status} {path}: {answer.text[:200]}")
                time.sleep(PATIENCE)

    def keep_moving(self, mover: dict[str, Any]) -> None:
        """Submit and send back in turns. A move whose answer was lost is refused the second time."""
        record = self.record("move")
        for name, headers in cycle((move, headers_of(session)) for move, session in mover["moves"]):
            if self.has_ended.wait(0.1):
                return
            record.tried += 1
            fields = {"note": "One more thing."}
            if name == "submit":  # as on the page: the hidden fields of the text that was read, and the ticked box
                page = self.until_answered(record, "GET", mover["address"][name], b"", headers)
                fields |= {"signed": "on", **dict(SIGNED_FIELDS.findall(page.text))}
            body = urlencode(fields).encode()
            answer = self.until_answered(record, "POST", mover["address"][name], body, headers)
            if answer.status == 302:
                self.note(record, uid=mover["uid"], move=name)
            else:
                self.note_wrong(record, f"{answer.status} {name}")

    def keep_attaching(self, writer: dict[str, Any], headers: dict[str, str]) -> None:
        record = self.record("evidence")
        for path in cycle(writer["attach"].values()):
            if self.has_ended.wait(0.3):
                return
            name = f"{uuid4()}.png"
            record.tried += 1
            kind, body = as_form(name, picture(record.tried))
            answer = self.until_answered(record, "POST", path, body, headers | {"Content-Type": kind})
            if answer.status == 302:
                self.note(record, name=name, evaluation=writer["evaluation"])
            else:
                self.note_wrong(record, f"{answer.status} {path}")

    def keep_sending_figures(self, sender: dict[str, Any], files: Iterator[bytes]) -> None:
        record = self.record("import")
        headers = {"Authorization": f"Bearer {sender['token']}", "Content-Type": "text/csv"}
        for content in files:
            self._rest()
            if self.has_ended.wait(1):
                return
            record.tried += 1
            answer = self.until_answered(record, "POST", "/api/v1/statistics/?name=year.csv", content, headers)
            if answer.status in (200, 202):
                found = re.search(r'"uid": ?"([0-9a-f-]{36})"', answer.text)
                self.note(record, uid=found[1] if found else answer.text)
            elif answer.status == 429:  # its files wait until the worker runs again
                record.tried -= 1
            else:
                self.note_wrong(record, f"{answer.status}: {answer.text[:200]}")

    def keep_printing(self, reports: list[str], languages: tuple[str, ...], headers: dict[str, str]) -> None:
        """Request reports, wait until the page shows each as printed, and request it again if the page says so."""
        record = self.record("print")
        for path, language in ((path, language) for language in languages for path in reports):
            self._rest()
            if self.has_ended.is_set():
                return
            record.tried += 1
            if self._print(record, path, language, headers):
                self.note(record, path=path, language=language)

    def _print(self, record: Record, path: str, language: str, headers: dict[str, str]) -> bool:
        while True:
            self.until_answered(record, "POST", path, urlencode({"language": language}).encode(), headers)
            while True:
                page = self.until_answered(record, "GET", path, b"", headers).text
                if 'id="printing-' not in page:
                    return True
                if "hx-get" not in page.partition('id="printing-')[2].partition(">")[0]:
                    record.answers["asked to print again"] += 1
                    break  # the page says that it was not printed
                if self.has_ended.is_set():
                    return True  # requested; whether it was printed is checked in the database
                time.sleep(0.3)

    def keep_inviting(self, form: str, people: str, headers: dict[str, str]) -> None:
        """Invite people with one letter each.

        If the request is not answered, look at the list before inviting again.
        """
        record = self.record("letter")
        while not self.has_ended.wait(0.5):
            address = f"{uuid4()}@example.org"
            record.tried += 1
            fields = {"email": address, "name": "Invited", "role": "guide_editor", "language": "en"}
            while True:
                answer = self.ask(record, "POST", form, urlencode(fields).encode(), headers)
                if answer is not None and answer.status == 302:
                    break
                if answer is not None and answer.status == 422:
                    self.note_wrong(record, f"422 {form}: {re.findall(r'invalid-feedback[^>]*>([^<]+)', answer.text)}")
                    return
                time.sleep(PATIENCE)
                if address in self.until_answered(record, "GET", people, b"", headers).text:
                    break
            self.note(record, address=address)

    def release(self, path: str, code: str, shown: str, headers: dict[str, str]) -> None:
        """Release an edition as it was shown, repeating the request until the page says that it is released."""
        record = self.record("release")
        record.tried += 1
        answer = self.until_answered(record, "POST", path, urlencode({"shown": shown}).encode(), headers)
        if answer.status in (200, 302):  # 200: stored before the connection broke, and the page says so
            self.note(record, code=code)
        else:
            self.note_wrong(record, f"{answer.status} {path}")


def headers_of(session: str) -> dict[str, str]:
    return {
        "Cookie": f"csrftoken={CSRF}" + (f"; sessionid={session}" if session else ""),
        "X-CSRFToken": CSRF,
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept-Language": "en",
    }


def as_form(name: str, content: bytes) -> tuple[str, bytes]:
    """Return the content type and the body of a multipart form with a file."""
    edge = uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="document"; filename="{name}"\r\n'
    body = head.encode() + b"Content-Type: image/png\r\n\r\n" + content + f"\r\n--{edge}--\r\n".encode()
    return f"multipart/form-data; boundary={edge}", body


def picture(number: int) -> bytes:
    """Return a picture of one pixel in a colour of its own."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixel = b"\x00" + struct.pack(">I", number)[1:]
    about = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", about) + part(b"IDAT", zlib.compress(pixel)) + part(b"IEND", b"")
