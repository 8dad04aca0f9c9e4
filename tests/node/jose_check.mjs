// Tokens both ways with a foreign implementation, the npm package jose: it verifies every token of otpd's; otpd takes what
// it signs with otpd's key, and refuses every forged shape.
// node jose_check.mjs JOSE PUBLIC_URL INBOX_URL SECRET_OF_S4

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { createRequire } from 'node:module';

const [jose_path, base, inbox, secret_text] = process.argv.slice(2);
const jose = createRequire(import.meta.url)(jose_path);
const secret = new TextEncoder().encode(secret_text);

// ---- the server's side

async function call(path, body, headers = {}) {
  const answer = await fetch(base + path, {
    method: body ? 'POST' : 'GET',
    headers: { ...(body && { 'Content-Type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  return { status: answer.status, said: text.startsWith('{') ? JSON.parse(text) : {} };
}

async function code_for(to) {
  const answer = await fetch(`${inbox}?to=${encodeURIComponent(to)}`, { signal: AbortSignal.timeout(10_000) });
  return (await answer.json()).messages[0].code;
}

async function tokens() {
  await call('/register/', { email: 'ann@example.com' });
  const s4 = await call('/verify-otp/', { email: 'ann@example.com', code: await code_for('ann@example.com') });
  const { said: { uuid } } = await call('/api/auth/otp/create/', { receiver: '+989123456789' });
  const s3 = await call('/api/auth/otp/verify/', { uuid, receiver: '+989123456789', code: await code_for('+989123456789') });
  const { said: { id } } = await call('/v1/verifications', { to: '+12125550123', profile: 'app' });
  const native = await call(`/v1/verifications/${id}/check`, { code: await code_for('+12125550123') });
  for (const each of [s4, s3, native]) assert.equal(each.status, 200, JSON.stringify(each.said));
  return { s4: s4.said.access, s3: s3.said, native: native.said };
}

// Whether otpd takes a token. One with bytes that a header cannot carry is not asked there.
async function takes_s4(token) {
  if (!/^[\x21-\x7e]*$/.test(token) || token.length > 6000) return false;
  return (await call('/profile/', null, { Authorization: `Bearer ${token}` })).status === 200;
}
async function takes_native(token) {
  if (token.length > 1000) return false;  // the text of a member
  const { status, said } = await call('/v1/tokens/introspect', { token });
  assert.equal(status, 200, JSON.stringify(said));
  return said.active;
}

// ---- shapes

const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
const json64 = (value) => b64(typeof value === 'string' ? value : JSON.stringify(value));
const parts_of = (token) => {
  const [head, body, signature] = token.split('.');
  return { head, body, signature, header: JSON.parse(Buffer.from(head, 'base64url')), claims: JSON.parse(Buffer.from(body, 'base64url')) };
};
const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

function* framed(token) {
  const { head, body, signature } = parts_of(token);
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
  yield ['JSON, flattened', JSON.stringify({ protected: head, payload: body, signature })];
  yield ['JSON, general', JSON.stringify({ payload: body, signatures: [{ protected: head, signature }] })];
  for (let size = 1; size < signature.length; size += 4) yield [`signature of ${size}`, `${head}.${body}.${signature.slice(0, size)}`];
  for (let at = 0; at < signature.length; at += 2) {
    const other = signature[at] === 'A' ? 'B' : 'A';
    yield [`signature changed at ${at}`, `${head}.${body}.${signature.slice(0, at)}${other}${signature.slice(at + 1)}`];
  }
  yield ['signature longer', `${token}AAAA`];
  for (const name of ['sub', 'user_id', 'exp', 'jti']) {
    const claims = parts_of(token).claims;
    if (name in claims) yield [`${name} changed`, `${head}.${json64({ ...claims, [name]: 1e10 })}.${signature}`];
  }
}

function* unsigned(token) {
  const { body, signature, header } = parts_of(token);
  for (const alg of ['none', 'None', 'NONE', 'nOnE', '', ' none', 'null']) {
    yield [`alg ${JSON.stringify(alg)}`, `${json64({ ...header, alg })}.${body}.`];
    yield [`alg ${JSON.stringify(alg)}, signature kept`, `${json64({ ...header, alg })}.${body}.${signature}`];
  }
  yield ['no alg', `${json64(without(header, 'alg'))}.${body}.`];
}

// Signed with the server's own key, so that nothing but the shape is wrong. `sign(header, claims)` takes texts, too.
function* with_own_key(token, sign, owner) {
  const { header, claims } = parts_of(token);
  const now = Math.floor(Date.now() / 1000);
  const bad = {
    'expired': { ...claims, exp: now - 1 }, 'expires now': { ...claims, exp: now }, 'exp as text': { ...claims, exp: `${claims.exp}` },
    'no exp': without(claims, 'exp'), 'exp with a fraction': { ...claims, exp: claims.exp + 0.5 }, 'exp null': { ...claims, exp: null },
    'exp huge': JSON.stringify(claims).replace(/"exp":\d+/, '"exp":99999999999999999999'),
    'no iat': without(claims, 'iat'), 'iat as text': { ...claims, iat: 'now' },
    'nbf in the future': { ...claims, nbf: now + 3600 }, 'nbf as text': { ...claims, nbf: 'x' },
    'no jti': without(claims, 'jti'), 'jti of nobody': { ...claims, jti: crypto.randomBytes(16).toString('hex') },
    'jti as number': { ...claims, jti: 1 }, 'jti short': { ...claims, jti: claims.jti.slice(2) },
    'no owner': without(claims, owner), 'owner as number': { ...claims, [owner]: 1 }, 'owner empty': { ...claims, [owner]: '' },
    'owner of nobody': { ...claims, [owner]: crypto.randomUUID() }, 'owner as list': { ...claims, [owner]: [claims[owner]] },
    'claims twice': JSON.stringify(claims).replace('{', `{"${owner}":"x",`), 'claims are a list': '[]', 'claims are a text': '"x"',
    'claims are nothing': '', 'claims end early': JSON.stringify(claims).slice(0, -1), 'more after the claims': `${JSON.stringify(claims)}{}`,
  };
  for (const [name, changed] of Object.entries(bad)) yield [name, sign(header, changed)];
  const heads = {
    'no typ': without(header, 'typ'), 'typ of another kind': { ...header, typ: header.typ === 'JWT' ? 'at+jwt' : 'JWT' },
    'typ as number': { ...header, typ: 1 }, 'crit unknown': { ...header, crit: ['x'], x: 1 }, 'crit empty': { ...header, crit: [] },
    'b64 not': { ...header, b64: false, crit: ['b64'] }, 'alg in small letters': { ...header, alg: header.alg.toLowerCase() },
    'alg as list': { ...header, alg: [header.alg] }, 'alg twice': JSON.stringify(header).replace('{', '{"alg":"none",'),
    'header is a list': '[]', 'header ends early': JSON.stringify(header).slice(0, -1),
  };
  for (const [name, changed] of Object.entries(heads)) yield [name, sign(changed, claims)];
}

// Signed by jose with keys of its own.
async function with_other_keys(token) {
  const { header, claims } = parts_of(token);
  const out = [];
  for (const alg of ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA']) {
    const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true });
    const jwk = await jose.exportJWK(publicKey);
    const sign = (extra) => new jose.SignJWT(claims).setProtectedHeader({ ...header, alg, ...extra }).sign(privateKey);
    out.push([`${alg} of another key`, await sign({})]);
    out.push([`${alg}, key in the header`, await sign({ jwk })]);
    out.push([`${alg}, key by URL`, await sign({ jku: `${base}/.well-known/jwks.json`, x5u: 'https://evil.example/' })]);
  }
  for (const alg of ['HS256', 'HS384', 'HS512']) {
    const other = crypto.randomBytes(64);
    out.push([`${alg} of another secret`, await new jose.SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(other)]);
  }
  return out;
}

const hmac = (hash, key, text) => crypto.createHmac(hash, key).update(text).digest();
const sign_hs256 = (header, claims) => {
  const text = `${json64(header)}.${json64(claims)}`;
  return `${text}.${b64(hmac('sha256', secret, text))}`;
};

// ---- the comparison

const all = await tokens();
const { said: jwks } = await call('/.well-known/jwks.json');
const keys = jose.createLocalJWKSet(jwks);

// jose takes ours.
const s4 = await jose.jwtVerify(all.s4, secret, { algorithms: ['HS256'], typ: 'JWT' });
assert.equal(s4.payload.token_type, 'access');
const native = await jose.jwtVerify(all.native.access_token, keys, { algorithms: ['ES256'], typ: 'at+jwt', issuer: 'otpd', audience: 'otpd' });
assert.equal(native.payload.sub, all.native.account);
const derived = await jose.decodeJwt(all.s3.refresh);
assert.equal(derived.token_type, 'refresh');
for (const key of jwks.keys) {
  assert.equal(await jose.calculateJwkThumbprint(key), key.kid, 'RFC 7638');
  assert.ok(!('d' in key), 'public keys only');
}

// Ours takes jose's.
assert.ok(await takes_s4(all.s4) && await takes_native(all.native.access_token));
const { claims, header } = parts_of(all.s4);
const foreign = await new jose.SignJWT(claims).setProtectedHeader({ typ: 'JWT', alg: 'HS256', kid: '../../etc/passwd' }).sign(secret);
assert.ok(await takes_s4(foreign), 'signed by jose with our secret; a kid leads nowhere');

// And nothing forged.
const shapes = [];
const add = (takes, name, list) => { for (const [shape, token] of list) shapes.push([`${name}: ${shape}`, takes, token]); };
for (const [name, takes, token] of [['s4', takes_s4, all.s4], ['native', takes_native, all.native.access_token]]) {
  add(takes, name, framed(token));
  add(takes, name, unsigned(token));
  add(takes, name, await with_other_keys(token));
}
add(takes_s4, 's4', with_own_key(all.s4, sign_hs256, 'user_id'));
for (const type of ['refresh', 'Access', '', null, ['access']])
  add(takes_s4, 's4', [[`token_type ${JSON.stringify(type)}`, sign_hs256(header, { ...claims, token_type: type })]]);
add(takes_s4, 's4', [
  ['no token_type', sign_hs256(header, without(claims, 'token_type'))],
  ['access token of s3', all.s3.access], ['refresh token of s3', all.s3.refresh], ['native', all.native.access_token],
  ['HS512 with our secret', await new jose.SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS512' }).sign(Buffer.concat([secret, secret]))],
]);

// The public key as a secret (RFC 8725, 2.1), in every way that somebody may write it; and signatures of nothing.
const public_key = crypto.createPublicKey({ key: jwks.keys[0], format: 'jwk' });
const pem = public_key.export({ type: 'spki', format: 'pem' });
const der = public_key.export({ type: 'spki', format: 'der' });
const point = Buffer.concat([Buffer.from(jwks.keys[0].x, 'base64url'), Buffer.from(jwks.keys[0].y, 'base64url')]);
const native_parts = parts_of(all.native.access_token);
for (const [name, key] of [['PEM', pem], ['PEM without its end', pem.trim()], ['DER', der], ['point', point], ['x', point.subarray(0, 32)],
  ['JWK', JSON.stringify(jwks.keys[0])], ['kid', jwks.keys[0].kid], ['empty', '']]) {
  for (const typ of ['at+jwt', 'JWT']) {
    const text = `${json64({ ...native_parts.header, alg: 'HS256', typ })}.${native_parts.body}`;
    add(takes_native, 'native', [[`HS256 with the public key as ${name}, ${typ}`, `${text}.${b64(hmac('sha256', key, text))}`]]);
  }
}
const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
const raw = Buffer.from(native_parts.signature, 'base64url');
const zero = Buffer.alloc(32), one = Buffer.concat([Buffer.alloc(31), Buffer.from([1])]);
const text = `${native_parts.head}.${native_parts.body}`;
for (const [name, r, s] of [['0 0', zero, zero], ['0 1', zero, one], ['1 0', one, zero], ['1 1', one, one], ['n n', order, order],
  ['r 0', raw.subarray(0, 32), zero], ['0 s', zero, raw.subarray(32)], ['s r', raw.subarray(32), raw.subarray(0, 32)], ['r n', raw.subarray(0, 32), order]])
  add(takes_native, 'native', [[`r s = ${name}`, `${text}.${b64(Buffer.concat([r, s]))}`]]);
for (const kid of ['', 'x', '../../../dev/null', "' OR 1=1 --", '\0', jwks.keys[0].kid.toLowerCase() + 'x', null, 1])
  add(takes_native, 'native', [[`kid ${JSON.stringify(kid)}`, `${json64({ ...native_parts.header, kid })}.${native_parts.body}.${native_parts.signature}`]]);
add(takes_native, 'native', [['no kid', `${json64(without(native_parts.header, 'kid'))}.${native_parts.body}.${native_parts.signature}`],
  ['s4', all.s4], ['refresh token', all.native.refresh_token]]);

const taken = [];
for (const [name, takes, token] of shapes) if (await takes(token)) taken.push(name);
assert.deepEqual(taken, [], 'forged and taken');
assert.equal(new Set(shapes.map(([name]) => name)).size, shapes.length, 'each shape once');
assert.ok(shapes.length >= 200, `${shapes.length} shapes`);
assert.ok(await takes_s4(all.s4) && await takes_native(all.native.access_token), 'the real ones are still good');
console.log(`${shapes.length} forged shapes refused`);
