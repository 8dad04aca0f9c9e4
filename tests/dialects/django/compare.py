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

import seed_server

SEND = "/api/users/send-otp/"
VERIFY = "/api/users/verify-otp/"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=xYz"


class Side:
    """One of the two servers, and where its codes are read."""

    def __init__(self, port, code_for):
        self.port = port
        self.code_for = code_for

    def call(self, method, path, body=b"", kind=JSON):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Content-Type": kind} if kind else {}
        connection.request(method, path, body if body or method == "POST" else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    def send(self, phone, **more):
        return self.call("POST", SEND, json.dumps({"phone": phone, **more}).encode())

    def verify(self, phone, otp, **more):
        return self.call("POST", VERIFY, json.dumps({"phone": phone, "otp": otp, **more}).encode())

    def sent(self, phone, **more):
        """A code that was just sent there."""
        status, said = self.send(phone, **more)
        assert status == 200, (status, said)
        return self.code_for(phone)


def otpd_codes(inbox):
    def code_for(phone):
        to = "+" + phone.replace("+", "").replace(" ", "").strip()
        with urllib.request.urlopen(inbox + "?to=" + urllib.parse.quote(to), timeout=20) as answer:
            messages = json.load(answer)["messages"]
        return messages[0]["code"] if messages else None

    return code_for


def other_than(code):
    return "%04d" % (1000 + (int(code) - 1000 + 1) % 9000)


def arabic(code):
    return "".join(chr(0x660 + int(digit)) for digit in code)


numbers = iter(range(255694230200, 255694239999))


def phone():
    """A number of its own for each request, the same on both sides."""
    return str(next(numbers))


REQUESTS = []


def request(name, difference=None):
    """Adds a request. It is called once for each side, with a number that nobody had before."""

    def add(function):
        REQUESTS.append((name, difference, function))
        return function

    return add


def simple(name, method, path, body=b"", kind=JSON, difference=None):
    if isinstance(body, str):
        body = body.encode()
    REQUESTS.append((name, difference, lambda side, n: side.call(method, path, body.replace(b"PHONE", n.encode()), kind)))


def odd(name, path, body, kind=JSON):
    simple(name, "POST", path, body, kind, "python-exceptions")


# ---- sending: good
simple("plain", "POST", SEND, '{"phone":"PHONE"}')
simple("plus", "POST", SEND, '{"phone":"+PHONE"}')
simple("white space around", "POST", SEND, '{"phone":" \\tPHONE\\n"}')
simple("spaces within", "POST", SEND, '{"phone":"25 5694 230 111"}')
simple("a type", "POST", SEND, '{"phone":"PHONE","verification_type":"Registration"}')
simple("a long type", "POST", SEND, '{"phone":"PHONE","verification_type":"%s"}' % ("x" * 300))
simple("a type that is a number", "POST", SEND, '{"phone":"PHONE","verification_type":5}')
simple("another member", "POST", SEND, '{"phone":"PHONE","x":{"y":[1,2,null]}}')
simple("form", "POST", SEND, "phone=PHONE", FORM)
simple("form with a plus", "POST", SEND, "phone=%2BPHONE&verification_type=Login", FORM)
simple("multipart", "POST", SEND,
       '--xYz\r\nContent-Disposition: form-data; name="phone"\r\n\r\nPHONE\r\n--xYz--\r\n', MULTIPART)
simple("digits of another script", "POST", SEND, '{"phone":"25569423\\u0660\\u0661\\u0662\\u0663"}')
# ---- sending: bad
simple("nothing", "POST", SEND, "{}")
simple("no body", "POST", SEND)
simple("no body, no type", "POST", SEND, kind=None)
simple("empty", "POST", SEND, '{"phone":""}')
simple("white space only", "POST", SEND, '{"phone":"   "}')
simple("empty form", "POST", SEND, "phone=", FORM)
simple("short", "POST", SEND, '{"phone":"255694"}')
simple("long", "POST", SEND, '{"phone":"2556942301731234"}')
simple("leading zero", "POST", SEND, '{"phone":"0694230173"}')
simple("plus and zero", "POST", SEND, '{"phone":"+0694230173"}')
simple("letters", "POST", SEND, '{"phone":"call me"}')
simple("two pluses", "POST", SEND, '{"phone":"++PHONE"}')
simple("plus at the end", "POST", SEND, '{"phone":"PHONE+"}')
simple("dashes", "POST", SEND, '{"phone":"255-694-230173"}')
simple("first digit of another script", "POST", SEND, '{"phone":"\\u0662PHONE"}')
simple("no-break space", "POST", SEND, '{"phone":"2556\\u00a094230173"}')
simple("get", "GET", SEND, kind=None)
simple("put", "PUT", SEND, '{"phone":"PHONE"}')
# ---- sending: odd
odd("null", SEND, '{"phone":null}')
odd("list as number", SEND, '{"phone":["PHONE"]}')
odd("malformed", SEND, '{"phone":')
odd("list", SEND, "[1,2]")
odd("text", SEND, '"PHONE"')
odd("media type", SEND, "PHONE", "text/plain")
simple("number", "POST", SEND, '{"phone":PHONE}', difference="numbers-for-texts")
simple("twice", "POST", SEND, '{"phone":"PHONE","phone":"PHONE"}', difference="duplicate-members")
simple("no type at all", "POST", SEND, '{"phone":"PHONE","verification_type":null}', difference="no-type")
simple("list as type", "POST", SEND, '{"phone":"PHONE","verification_type":["Login"]}')
simple("impossible number", "POST", SEND, '{"phone":"1234567890"}', difference="impossible-numbers")
simple("no slash", "POST", SEND.rstrip("/"), '{"phone":"PHONE"}', difference="slash")
# ---- verifying: bad
simple("verify nothing", "POST", VERIFY, "{}")
simple("verify no number", "POST", VERIFY, '{"otp":"1234"}')
simple("verify no code", "POST", VERIFY, '{"phone":"PHONE"}')
simple("verify empty code", "POST", VERIFY, '{"phone":"PHONE","otp":"  "}')
simple("verify letters", "POST", VERIFY, '{"phone":"PHONE","otp":"12a4"}')
simple("verify sign", "POST", VERIFY, '{"phone":"PHONE","otp":"-123"}')
simple("verify fraction", "POST", VERIFY, '{"phone":"PHONE","otp":"12.5"}')
simple("verify what was never sent", "POST", VERIFY, '{"phone":"PHONE","otp":"1234"}')
simple("verify no phone number", "POST", VERIFY, '{"phone":"12","otp":"1234"}')
simple("verify by get", "GET", VERIFY, kind=None)
odd("verify malformed", VERIFY, "{")
odd("verify list", VERIFY, "[]")
odd("verify null code", VERIFY, '{"phone":"PHONE","otp":null}')
odd("verify media type", VERIFY, "x", "text/plain")
simple("verify superscripts", "POST", VERIFY, '{"phone":"PHONE","otp":"\\u00b2\\u00b2\\u00b2\\u00b2"}', difference="superscripts")


# ---- verifying what was sent
@request("right")
def _(side, n):
    return side.verify(n, side.sent(n))


@request("right, twice")
def _(side, n):
    code = side.sent(n)
    assert side.verify(n, code)[0] == 200
    return side.verify(n, code)


@request("wrong")
def _(side, n):
    return side.verify(n, other_than(side.sent(n)))


@request("wrong, then right")
def _(side, n):
    code = side.sent(n)
    side.verify(n, other_than(code))
    return side.verify(n, code)


@request("right, white space around")
def _(side, n):
    return side.verify(" " + n, " " + side.sent(n) + "\n")


@request("right, in another script")
def _(side, n):
    return side.verify(n, arabic(side.sent(n)))


@request("right, as a form")
def _(side, n):
    body = urllib.parse.urlencode({"phone": n, "otp": side.sent(n)})
    return side.call("POST", VERIFY, body.encode(), FORM)


@request("right, of another number")
def _(side, n):
    code = side.sent(n)
    return side.verify(n[:-3] + "999", code)


@request("right, of another type")
def _(side, n):
    return side.verify(n, side.sent(n, verification_type="Registration"))


@request("right, of its type")
def _(side, n):
    code = side.sent(n, verification_type="Registration")
    return side.verify(n, code, verification_type="Registration")


@request("right, as a number", "numbers-for-texts")
def _(side, n):
    code = side.sent(n)
    while code.startswith("0"):  # JSON knows no such number
        code = side.sent(n)
    return side.verify(n, int(code))


@request("right, with a zero before it", "leading-zeros")
def _(side, n):
    return side.verify(n, "0" + side.sent(n))


@request("right, the number with a plus", "one-number")
def _(side, n):
    return side.verify("+" + n, side.sent(n))


@request("the code before the newest", "newest-only")
def _(side, n):
    first = side.sent(n)
    while side.sent(n) == first:
        pass
    return side.verify(n, first)


@request("right, after five wrong ones", "attempts")
def _(side, n):
    code = side.sent(n)
    for _ in range(5):
        side.verify(n, other_than(code))
    return side.verify(n, code)


def main():
    document, scratch, port, inbox, page = sys.argv[1:]
    seed = Side(seed_server.serve(Path(document), Path(scratch)), seed_server.code_for)
    otpd = Side(int(port), otpd_codes(inbox))
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", Path(page).read_text(encoding="utf-8"), re.MULTILINE))
    faults, differed, equal = [], set(), 0
    for name, difference, ask in REQUESTS:
        n = phone()
        theirs, ours = ask(seed, n), ask(otpd, n)
        if theirs == ours:
            equal += 1
            if difference:
                faults.append(f"{name}: no difference, though {difference} is named")
        elif not difference:
            faults.append(f"{name}: the system says {theirs}, otpd says {ours}")
        elif difference not in documented:
            faults.append(f"{name}: {difference} is not in the page: {theirs} and {ours}")
        else:
            differed.add(difference)
            if ours[0] >= 500:
                faults.append(f"{name}: otpd fails with {ours}")
    for each in sorted(documented - differed):
        faults.append(f"{each} is documented and was not seen")
    print(f"{len(REQUESTS)} requests, {equal} equal, {len(REQUESTS) - equal} different as documented")
    print("\n".join(faults))
    return 1 if faults or len(REQUESTS) < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
