// Forged tokens: what somebody may make of a real one, each shape with its name.

import crypto from 'node:crypto';

export const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
// Of an object, or of text or bytes as they are.
export const json64 = (value) => b64(typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value));
export const parts_of = (token) => {
  const [head, body, signature] = token.split('.');
  return { head, body, signature, header: JSON.parse(Buffer.from(head, 'base64url')), claims: JSON.parse(Buffer.from(body, 'base64url')) };
};
export const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

export const hmac = (hash, key, text) => crypto.createHmac(hash, key).update(text).digest();

// The same bytes with an unused bit set, for whoever reads that leniently. The text of 3n bytes has none.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
export const respelled = (text) => text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)) + 1];

export function* framed(token) {
  const { head, body, signature, claims } = parts_of(token);
  yield ['empty', ''];
  yield ['one segment', head];
  yield ['two segments', `${head}.${body}`];
  yield ['no signature', `${head}.${body}.`];
  yield ['no payload', `${head}..${signature}`];
  yield ['no header', `.${body}.${signature}`];
  yield ['dots', '..'];
  yield ['four segments', `${token}.${signature}`];
  yield ['a dot at the end', `${token}.`];
  yield ['a dot at the beginning', `.${token}`];
  yield ['swapped', `${body}.${head}.${signature}`];
  yield ['signature first', `${signature}.${body}.${head}`];
  yield ['padding', `${token}=`];
  yield ['padding in the payload', `${head}.${body}=.${signature}`];
  yield ['white space at the end', `${token} `];
  yield ['white space within', `${head}. ${body}.${signature}`];
  yield ['line end', `${token}\n`];
  yield ['NUL', `${token}\0`];
  yield ['base64 instead of base64url', `${head}.${body}.${signature.replace(/[-_]/, '+')}!`];
  yield ['signature spelled otherwise', `${head}.${body}.${respelled(signature)}`];
  yield ['JSON, flattened', JSON.stringify({ protected: head, payload: body, signature })];
  yield ['JSON, general', JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] })];
  for (let size = 1; size < signature.length; size += 4) yield [`signature of ${size}`, `${head}.${body}.${signature.slice(0, size)}`];
  for (let at = 0; at < signature.length; at += 2) {
    const other = signature[at] === 'A' ? 'B' : 'A';
    yield [`signature changed at ${at}`, `${head}.${body}.${signature.slice(0, at)}${other}${signature.slice(at + 1)}`];
  }
  yield ['signature longer', `${token}AAAA`];
  for (const name of ['sub', 'user_id', 'exp', 'jti'])
    if (name in claims) yield [`${name} changed`, `${head}.${json64({ ...claims, [name]: 1e10 })}.${signature}`];
}

export function* unsigned(token) {
  const { body, signature, header } = parts_of(token);
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', ' none', 'null']) {
    yield [`alg ${JSON.stringify(alg)}`, `${json64({ ...header, alg })}.${body}.`];
    yield [`alg ${JSON.stringify(alg)}, signature kept`, `${json64({ ...header, alg })}.${body}.${signature}`];
  }
  yield ['no alg', `${json64(without(header, 'alg'))}.${body}.`];
}

// Signed with the server's own key, so that nothing but the shape is wrong. `sign(header, claims)` takes objects, texts
// and bytes; `now` is Unix time.
export function* with_own_key(token, sign, owner, now) {
  const { header, claims } = parts_of(token);
  const text = JSON.stringify(claims);
  const bad = {
    'expired': { ...claims, exp: now - 1 }, 'expires now': { ...claims, exp: now }, 'exp as text': { ...claims, exp: `${claims.exp}` },
    'no exp': without(claims, 'exp'), 'exp with a fraction': { ...claims, exp: claims.exp + 0.5 }, 'exp null': { ...claims, exp: null },
    'exp huge': text.replace(/"exp":\d+/, '"exp":99999999999999999999'), 'exp as exponent': text.replace(/"exp":\d+/, '"exp":9e9'),
    'no iat': without(claims, 'iat'), 'iat as text': { ...claims, iat: 'now' },
    'nbf in the future': { ...claims, nbf: now + 3600 }, 'nbf as text': { ...claims, nbf: 'x' },
    'no jti': without(claims, 'jti'), 'jti of nobody': { ...claims, jti: crypto.randomBytes(16).toString('hex') },
    'jti as number': { ...claims, jti: 1 }, 'jti short': { ...claims, jti: claims.jti.slice(2) },
    'claims twice': text.replace('{', `{"${owner}":"x",`), 'exp twice': text.replace('{', '{"exp":1,'),
    'exp twice, once escaped': text.replace('{', '{"\\u0065xp":1,'), 'claims are a list': '[]', 'claims are a text': '"x"',
    'claims are nothing': '', 'claims end early': text.slice(0, -1), 'more after the claims': `${text}{}`,
    'a byte order mark': `\ufeff${text}`, 'NUL after the claims': `${text}\0`, 'a comma at the end': text.replace(/}$/, ',}'),
    'a comment': text.replace('{', '{/**/'), 'no UTF-8': Buffer.from(text.replace('{', '{"x":"\xff",'), 'latin1'),
    'over 8 KiB': { ...claims, ...Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`x${i}`, 'x'.repeat(1000)])) },
  };
  for (const [name, changed] of Object.entries(bad)) yield [name, sign(header, changed)];
  const head = JSON.stringify(header);
  const heads = {
    'no typ': without(header, 'typ'), 'typ of another kind': { ...header, typ: header.typ === 'JWT' ? 'at+jwt' : 'JWT' },
    'typ as number': { ...header, typ: 1 }, 'typ longer': { ...header, typ: header.typ + 'x' },
    'typ twice': head.replace('{', '{"typ":"x",'), 'crit unknown': { ...header, crit: ['x'], x: 1 }, 'crit empty': { ...header, crit: [] },
    'crit null': { ...header, crit: null }, 'crit exp': { ...header, crit: ['exp'], exp: claims.exp },
    'b64 not': { ...header, b64: false, crit: ['b64'] }, 'alg in small letters': { ...header, alg: header.alg.toLowerCase() },
    'alg none': { ...header, alg: 'none' }, 'no alg, and signed': without(header, 'alg'),
    'alg of the other style': { ...header, alg: header.alg === 'HS256' ? 'ES256' : 'HS256' },
    'alg as list': { ...header, alg: [header.alg] }, 'alg twice': head.replace('{', '{"alg":"none",'),
    'kid as list': { ...header, kid: ['x'] }, 'header is a list': '[]', 'header ends early': head.slice(0, -1), 'header is nothing': '',
  };
  for (const [name, changed] of Object.entries(heads)) yield [name, sign(changed, claims)];
}

// With the server's own key, and of somebody whose family it is not.
export function* of_somebody_else(token, sign, owner, other) {
  const { header, claims } = parts_of(token);
  yield ['owner is another account', sign(header, { ...claims, [owner]: other })];
  yield ['no owner', sign(header, without(claims, owner))];
  yield ['owner as number', sign(header, { ...claims, [owner]: 1 })];
  yield ['owner as list', sign(header, { ...claims, [owner]: [claims[owner]] })];
  yield ['owner empty', sign(header, { ...claims, [owner]: '' })];
  yield ['owner is nobody', sign(header, { ...claims, [owner]: crypto.randomUUID() })];
}

// Signed by jose with keys of its own. `jku` is where the server's own keys are said to be.
export async function with_other_keys(jose, token, jku) {
  const { header, claims } = parts_of(token);
  const out = [];
  for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA']) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const jwk = await jose.exportJWK(publicKey);
    const sign = (extra) => new jose.SignJWT(claims).setProtectedHeader({ ...header, alg, ...extra }).sign(privateKey);
    out.push([`${alg} of another key`, await sign({})]);
    out.push([`${alg}, key in the header`, await sign({ jwk })]);
    out.push([`${alg}, key in the header under its own name`, await sign({ jwk, kid: await jose.calculateJwkThumbprint(jwk) })]);
    out.push([`${alg}, key by URL`, await sign({ jku, x5u: 'https://evil.example/' })]);
  }
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    const other = crypto.randomBytes(64);
    out.push([`${alg} of another secret`, await new jose.SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(other)]);
  }
  return out;
}

// The public key as a secret (RFC 8725, 2.1), in every way that somebody may write it.
export function* with_public_key_as_secret(token, jwk) {
  const { header, body } = parts_of(token);
  const key = crypto.createPublicKey({ key: jwk, format: 'jwk' });
  const pem = key.export({ type: 'spki', format: 'pem' });
  const point = Buffer.concat([Buffer.from(jwk.x, 'base64url'), Buffer.from(jwk.y, 'base64url')]);
  const secrets = {
    'PEM': pem, 'PEM without its end': pem.trim(), 'DER': key.export({ type: 'spki', format: 'der' }), 'point': point,
    'open point': Buffer.concat([Buffer.from([4]), point]), 'x': point.subarray(0, 32), 'JWK': JSON.stringify(jwk), 'kid': jwk.kid, 'empty': '',
  };
  for (const [name, secret] of Object.entries(secrets)) {
    for (const typ of ['at+jwt', 'JWT']) {
      const text = `${json64({ ...header, alg: 'HS256', typ })}.${body}`;
      yield [`HS256 with the public key as ${name}, ${typ}`, `${text}.${b64(hmac('sha256', secret, text))}`];
    }
  }
}

// Signatures of ES256 that belong to no key, or to every one (CVE-2022-21449), and in the other form.
export function* with_odd_numbers(token) {
  const { head, body, signature } = parts_of(token);
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const raw = Buffer.from(signature, 'base64url');
  const [r, s] = [raw.subarray(0, 32), raw.subarray(32)];
  const zero = Buffer.alloc(32), one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
  const pairs = { '0 0': [zero, zero], '0 1': [zero, one], '1 0': [one, zero], '1 1': [one, one], 'n n': [order, order],
    'r 0': [r, zero], '0 s': [zero, s], 's r': [s, r], 'r n': [r, order], 'n s': [order, s], '0r s': [Buffer.concat([Buffer.alloc(1), r]), s],
    'r s, and more': [r, Buffer.concat([s, zero])] };
  for (const [name, pair] of Object.entries(pairs)) yield [`r s = ${name}`, `${head}.${body}.${b64(Buffer.concat(pair))}`];
  const der = (n) => { const bytes = n[0] & 0x80 ? Buffer.concat([Buffer.alloc(1), n]) : n; return Buffer.concat([Buffer.from([2, bytes.length]), bytes]); };
  const both = Buffer.concat([der(r), der(s)]);
  yield ['signature in DER', `${head}.${body}.${b64(Buffer.concat([Buffer.from([0x30, both.length]), both]))}`];
}
