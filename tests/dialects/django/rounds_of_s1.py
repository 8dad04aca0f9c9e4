"""Requests to verify what was sent just before, each with the difference that it shows, if any."""

import urllib.parse

from requests_of_s1 import FORM, MULTIPART, VERIFY, multipart, request


def other_than(code):
    return "%04d" % (1000 + (int(code) - 1000 + 1) % 9000)


def arabic(code):
    return "".join(chr(0x660 + int(digit)) for digit in code)


@request("right")
def _(side, n):
    return side.verify(n, side.sent(n))


@request("right, twice")
def _(side, n):
    code = side.sent(n)
    assert side.verify(n, code).status == 200
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
    return side.verify(n, int(side.sent(n)))


@request("right, without its zeros")
def _(side, n):
    return side.verify(n, str(int(side.sent(n))))


@request("right, as multipart")
def _(side, n):
    fields = (('name="phone"', n), ('name="otp"', side.sent(n)))
    return side.call("POST", VERIFY, multipart(*fields).encode(), MULTIPART)


@request("right, of the empty type")
def _(side, n):
    return side.verify(n, side.sent(n, verification_type=""))


@request("right, for the empty type")
def _(side, n):
    return side.verify(n, side.sent(n), verification_type="")


@request("right, of its empty type")
def _(side, n):
    code = side.sent(n, verification_type="")
    return side.verify(n, code, verification_type="")


@request("right, the type in other letters")
def _(side, n):
    return side.verify(n, side.sent(n), verification_type="login")


@request("right, the type a number and its text")
def _(side, n):
    return side.verify(n, side.sent(n, verification_type=5), verification_type="5")


@request("right, of a type that is a truth")
def _(side, n):
    return side.verify(n, side.sent(n, verification_type=True))


@request("right, of a type that is a list")
def _(side, n):
    return side.verify(n, side.sent(n, verification_type=["Login"]))


@request("right, of its list")
def _(side, n):
    code = side.sent(n, verification_type=["a"])
    return side.verify(n, code, verification_type=["a"])


@request("right, for no type at all", "no-type")
def _(side, n):
    return side.verify(n, side.sent(n), verification_type=None)


@request("right, once with its usual type named")
def _(side, n):
    return side.verify(n, side.sent(n), verification_type="Login")


@request("sent again, the newest code")
def _(side, n):
    side.sent(n)
    return side.verify(n, side.sent(n))


@request("sent for another type, the first code")
def _(side, n):
    code = side.sent(n)
    side.sent(n, verification_type="Registration")
    return side.verify(n, code)


@request("right, with a zero before it")
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
