"""The same requests to system s1's own code and to otpd: equal answers, but for the differences that are documented.

compare.py DOCUMENT SCRATCH OTPD_PORT INBOX_URL MIGRATING_PAGE
"""

import http.client
import json
import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import rounds_of_s1  # noqa: F401, adds its own to REQUESTS
import seed_server
from requests_of_s1 import JSON, REQUESTS, SEND, VERIFY


class Answer:
    """Compared literally: status, media type, the methods of Allow, and the body's bytes."""

    def __init__(self, answer):
        self.status = answer.status
        self.type = answer.getheader("Content-Type")
        self.allow = sorted(re.findall(r"[A-Z]+", answer.getheader("Allow", "")))
        self.text = answer.read().decode("utf-8", "replace")
        # The framework names the methods of its view in every answer.
        if self.status != 405:
            self.allow = []

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __repr__(self):
        return f"{self.status} {self.type} {self.allow} {self.text}"

    @property
    def json(self):
        try:
            return json.loads(self.text)
        except ValueError:
            return {}

    def says(self, status, message=""):
        return self.status == status and self.json.get("message", "").startswith(message)


class Side:
    """One of the two servers, and where its messages are read."""

    def __init__(self, port, newest):
        self.port = port
        self.newest = newest

    def call(self, method, path, body=b"", kind=JSON):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": kind} if kind else {}
        connection.request(method, path, body if body or method == "POST" else None, headers)
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    def send(self, phone, **more):
        return self.call("POST", SEND, json.dumps({"phone": phone, **more}).encode())

    def verify(self, phone, otp, **more):
        return self.call("POST", VERIFY, json.dumps({"phone": phone, "otp": otp, **more}).encode())

    def code_for(self, phone):
        return re.search(r"(\d{4})$", self.newest(phone)).group(1)

    def sent(self, phone, **more):
        """A code that was just sent there."""
        answer = self.send(phone, **more)
        assert answer.status == 200, answer
        return self.code_for(phone)


def inbox_of(url):
    def newest(phone):
        to = "+" + phone.replace("+", "").replace(" ", "").strip()
        with urllib.request.urlopen(url + "?to=" + urllib.parse.quote(to), timeout=20) as answer:
            messages = json.load(answer)["messages"]
        return messages[0]["text"] if messages else None

    return newest


def is_reason(theirs, ours):
    """A Python exception's words and a reason of otpd's, after the same beginning and with the same members."""
    said, answered = theirs.json, ours.json
    begins = re.match(r"Error (sending|verifying) OTP: ", said.get("message", ""))
    return (theirs.status == 500 and ours.says(400, begins.group(0) if begins else "?")
            and {**said, "message": ""} == {**answered, "message": ""})


WRONG = "Invalid OTP code"
NOT_NUMERIC = "OTP must be numeric"

# What each of the page's differences has to look like.
DIFFERENCES = {
    "python-exceptions": is_reason,
    "files": lambda theirs, ours: theirs.says(500, "Error ") and ours.says(400, "Phone number is required"),
    "numbers-for-texts": lambda theirs, ours: theirs.says(500, "Error ") and ours.says(200),
    "strict-json": lambda theirs, ours: theirs.says(200) and ours.says(400, "Error sending OTP: JSON parse error"),
    "no-type": lambda theirs, ours: theirs.says(500) and ours.says(200) or theirs.says(400, WRONG) and ours.says(200),
    "impossible-numbers": lambda theirs, ours: theirs.says(200) and ours.says(400, "Invalid phone number format"),
    "slash": lambda theirs, ours: theirs.status == 404 and ours.says(200),
    "options": lambda theirs, ours: theirs.status == ours.status == 200 and ours.text == "",
    "superscripts": lambda theirs, ours: theirs.says(500, "Error ") and ours.says(400, NOT_NUMERIC),
    "huge-codes": lambda theirs, ours: theirs.says(400, "Error verifying OTP: ") and ours.says(400, WRONG),
    "one-number": lambda theirs, ours: theirs.says(400, WRONG) and ours.says(200),
    "newest-only": lambda theirs, ours: theirs.says(200) and ours.says(400, WRONG),
    "attempts": lambda theirs, ours: theirs.says(200) and ours.says(400, WRONG),
}


def phones():
    """A number of its own for each request, the same on both sides."""
    return (str(number) for number in range(255694230200, 255694239999))


def compare(seed, otpd, documented):
    faults, seen, equal = [], set(), 0
    for (name, difference, ask), phone in zip(REQUESTS, phones()):
        theirs, ours = ask(seed, phone), ask(otpd, phone)
        is_equal = theirs == ours
        equal += is_equal
        if not difference:
            if not is_equal:
                faults.append(f"{name}: the system says {theirs}, otpd says {ours}")
        elif is_equal or not DIFFERENCES[difference](theirs, ours):
            faults.append(f"{name}: not as {difference} is named: the system says {theirs}, otpd says {ours}")
        elif difference not in documented:
            faults.append(f"{name}: {difference} is not in the page: {theirs} and {ours}")
        else:
            seen.add(difference)
    print(f"{len(REQUESTS)} requests, {equal} equal, {len(REQUESTS) - equal} different as documented")
    for each in sorted((documented | DIFFERENCES.keys()) - seen):
        faults.append(f"{each} was not seen")
    if len(REQUESTS) < 60:
        faults.append("too few requests")
    return faults


def compare_messages(seed, otpd):
    """What the phones were sent, but for the code."""
    phone = "255694239999"
    texts = []
    for side in (seed, otpd):
        code = side.sent(phone)
        texts.append(side.newest(phone).replace(code, "CODE"))
    return [] if texts[0] == texts[1] else [f"the system sends {texts[0]!r}, otpd sends {texts[1]!r}"]


def main():
    document, scratch, port, inbox, page = sys.argv[1:]
    seed = Side(seed_server.serve(Path(document), Path(scratch)), seed_server.newest)
    otpd = Side(int(port), inbox_of(inbox))
    # The section of s1 has the only table with keys in it.
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", Path(page).read_text(encoding="utf-8"), re.MULTILINE))
    faults = compare(seed, otpd, documented) + compare_messages(seed, otpd)
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
