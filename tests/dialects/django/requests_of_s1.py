"""What both sides are asked: good requests, bad ones and odd ones, each with the difference that it shows, if any."""

import json

SEND = "/api/users/send-otp/"
VERIFY = "/api/users/verify-otp/"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=xYz"


def multipart(*fields):
    parts = ("--xYz\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % each for each in fields)
    return "".join(parts) + "--xYz--\r\n"


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
simple("form by hand", "POST", SEND, "phone= PHONE &&note=100% \u00fc&=x", FORM)
simple("form, twice", "POST", SEND, "phone=x&phone=PHONE", FORM)
simple("multipart", "POST", SEND, multipart(('name="phone"', "PHONE")), MULTIPART)
simple("multipart with a file", "POST", SEND,
       multipart(('name="f"; filename="a.txt"', "x"), ('name="phone"', "PHONE")), MULTIPART)
simple("media type with a parameter", "POST", SEND, '{"phone":"PHONE"}', "Application/JSON; charset=utf-8")
simple("query beside the body", "POST", SEND + "?phone=12&verification_type=x", '{"phone":"PHONE"}')
simple("a code that nobody asks for", "POST", SEND, '{"phone":"PHONE","otp":[1]}')
simple("digits of another script", "POST", SEND, '{"phone":"25569423\\u0660\\u0661\\u0662\\u0663"}')
# ---- sending: bad
simple("nothing", "POST", SEND, "{}")
simple("no body", "POST", SEND)
simple("no body, no type", "POST", SEND, kind=None)
simple("no body, called text", "POST", SEND, kind="text/plain")
simple("no body, called multipart", "POST", SEND, kind=MULTIPART)
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
simple("tab within", "POST", SEND, '{"phone":"2556\\t94230173"}')
simple("query without a body", "POST", SEND + "?phone=PHONE")
simple("get", "GET", SEND, kind=None)
simple("delete", "DELETE", SEND, kind=None)
simple("put", "PUT", SEND, '{"phone":"PHONE"}')
# ---- sending: odd
odd("null", SEND, '{"phone":null}')
odd("list as number", SEND, '{"phone":["PHONE"]}')
odd("malformed", SEND, '{"phone":')
odd("list", SEND, "[1,2]")
odd("text", SEND, '"PHONE"')
odd("truth", SEND, '{"phone":true}')
odd("object as number", SEND, '{"phone":{"$gt":""}}')
odd("two values", SEND, '{"phone":"PHONE"}{}')
odd("no number of JSON", SEND, '{"phone":NaN}')
odd("byte order mark", SEND, '\ufeff{"phone":"PHONE"}')
odd("white space for JSON", SEND, " ")
odd("multipart without a boundary", SEND, multipart(('name="phone"', "PHONE")), "multipart/form-data")
odd("json that is called text", SEND, '{"phone":"PHONE"}', "text/json")
simple("file as number", "POST", SEND, multipart(('name="phone"; filename="a.txt"', "PHONE")), MULTIPART,
       difference="files")
odd("media type", SEND, "PHONE", "text/plain")
simple("number", "POST", SEND, '{"phone":PHONE}', difference="numbers-for-texts")
simple("twice", "POST", SEND, '{"phone":"PHONE","phone":"PHONE"}', difference="strict-json")
simple("members of all kinds", "POST", SEND,
       json.dumps({"phone": "PHONE", **{f"x{i}": i for i in range(32)}}), difference="strict-json")
simple("deep", "POST", SEND, '{"phone":"PHONE","x":%s1%s}' % ("[" * 9, "]" * 9), difference="strict-json")
simple("a long text", "POST", SEND, '{"phone":"PHONE","x":"%s"}' % ("x" * 1025), difference="strict-json")
simple("no type at all", "POST", SEND, '{"phone":"PHONE","verification_type":null}', difference="no-type")
simple("list as type", "POST", SEND, '{"phone":"PHONE","verification_type":["Login"]}')
simple("impossible number", "POST", SEND, '{"phone":"1234567890"}', difference="impossible-numbers")
simple("options", "OPTIONS", SEND, kind=None, difference="options")
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
simple("verify inner space", "POST", VERIFY, '{"phone":"PHONE","otp":"12 34"}')
simple("verify nothing but digits of others", "POST", VERIFY, '{"phone":"PHONE","otp":"\\u0967\\u0968"}')
simple("verify a long code", "POST", VERIFY, '{"phone":"PHONE","otp":"123456789012345678"}')
simple("verify a huge code", "POST", VERIFY, '{"phone":"PHONE","otp":"%s"}' % ("9" * 30), difference="huge-codes")
simple("verify empty number", "POST", VERIFY, '{"phone":"","otp":"x"}')
simple("verify by get", "GET", VERIFY, kind=None)
odd("verify malformed", VERIFY, "{")
odd("verify list", VERIFY, "[]")
odd("verify null code", VERIFY, '{"phone":"PHONE","otp":null}')
odd("verify list code", VERIFY, '{"phone":"PHONE","otp":["1234"]}')
odd("verify null number", VERIFY, '{"phone":null,"otp":"1234"}')
odd("verify media type", VERIFY, "x", "text/plain")
simple("verify superscripts", "POST", VERIFY, '{"phone":"PHONE","otp":"\\u00b2\\u00b2\\u00b2\\u00b2"}', difference="superscripts")
