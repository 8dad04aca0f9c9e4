// Verifies tokens of otpd's with the npm package jose, and prints others: jose's own, which are to be taken, and forged
// ones, which are not. One JSON object a line: {as, name, token, good}, `as` being what the token is presented for.
// node forge_tokens.mjs JOSE GIVEN; GIVEN is JSON: what tests/auth/jose_test.cpp hands over.

import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { createRequire } from 'node:module';

import * as forged from './forged_shapes.mjs';

const { b64, json64, parts_of, without, hmac, respelled } = forged;
const jose = createRequire(import.meta.url)(process.argv[2]);
const given = JSON.parse(process.argv[3]);
const secret = new TextEncoder().encode(given.secret);
const private_key = crypto.createPrivateKey(given.pem);
const currentDate = new Date(given.now * 1000);

const offer = (as, good) => ([name, token]) => console.log(JSON.stringify({ as, name, token, good }));

// ---- jose takes ours

const simple = { algorithms: ['HS256'], typ: 'JWT', currentDate };
const simple_claims = ['token_type', 'exp', 'iat', 'jti', 'user_id'];  // djangorestframework-simplejwt 5.2
for (const [type, token, lifetime] of [['access', given.access, given.access_s], ['refresh', given.refresh, given.refresh_s]]) {
  const { payload, protectedHeader } = await jose.jwtVerify(token, secret, simple);
  assert.deepEqual(protectedHeader, { alg: 'HS256', typ: 'JWT' });
  assert.deepEqual(Object.keys(payload), simple_claims);
  assert.equal(payload.token_type, type);
  assert.equal(payload.user_id, given.account);
  assert.equal(payload.iat, given.now);
  assert.equal(payload.exp, given.now + lifetime);
  assert.match(payload.jti, /^[0-9a-f]{32}$/);
}
assert.notEqual(parts_of(given.access).claims.jti, parts_of(given.refresh).claims.jti);

const keys = jose.createLocalJWKSet(given.jwks);
const { payload, protectedHeader } = await jose.jwtVerify(given.native, keys, {
  algorithms: ['ES256'], typ: 'at+jwt', issuer: given.issuer, audience: given.audience, currentDate,
});
assert.equal(payload.sub, given.account);
assert.equal(protectedHeader.kid, given.jwks.keys[0].kid, 'the first key signs');
for (const key of given.jwks.keys) {
  assert.equal(await jose.calculateJwkThumbprint(key), key.kid, 'RFC 7638');
  assert.deepEqual(Object.keys(key).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'], 'public members only');
}

// ---- ours takes jose's

const by_jose = (claims, header, key) => new jose.SignJWT(claims).setProtectedHeader(header).sign(key);
const sign_simple = (header, claims) => {
  const text = `${json64(header)}.${json64(claims)}`;
  return `${text}.${b64(hmac('sha256', secret, text))}`;
};
const es256 = (text, key = private_key) => b64(crypto.sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }));
const sign_native = (header, claims) => {
  const text = `${json64(header)}.${json64(claims)}`;
  return `${text}.${es256(text)}`;
};
const native = parts_of(given.native), access = parts_of(given.access), refresh = parts_of(given.refresh);
const many = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`x${i}`, 'x'.repeat(1000)]));
const styles = [
  ['simple_access', given.access, sign_simple, 'user_id', secret], ['simple_refresh', given.refresh, sign_simple, 'user_id', secret],
  ['native_access', given.native, sign_native, 'sub', private_key],
];
for (const [as, token, sign, , key] of styles) {
  const { header, claims } = parts_of(token);
  const good = offer(as, true);
  good(['as it was made', token]);
  good(['by jose', await by_jose(claims, header, key)]);
  good(['by the shapes\' own hand', sign(header, claims)]);
  good(['nbf now', sign(header, { ...claims, nbf: given.now })]);
  good(['expires in a second', sign(header, { ...claims, exp: given.now + 1 })]);
  good(['large, and within 8 KiB', sign(header, { ...claims, ...many })]);
  good(['jku and x5u lead nowhere', sign({ ...header, jku: 'https://evil.example/', x5u: 'https://evil.example/' }, claims)]);
}
for (const kid of ['', 'x', '../../etc/passwd', "' OR 1=1 --", '\0'])
  offer('simple_access', true)([`a kid leads nowhere: ${JSON.stringify(kid)}`, sign_simple({ ...access.header, kid }, access.claims)]);

// ---- and nothing forged

for (const [as, token, sign, owner] of styles) {
  const bad = offer(as, false);
  const { header, body, claims } = parts_of(token);
  [...forged.framed(token), ...forged.unsigned(token), ...forged.with_own_key(token, sign, owner, given.now)].forEach(bad);
  // At the edge of a second: for a clock that stands still alone.
  bad(['nbf in a second', sign(header, { ...claims, nbf: given.now + 1 })]);
  (await forged.with_other_keys(jose, token, 'https://otpd.example/.well-known/jwks.json')).forEach(bad);
  [...forged.with_public_key_as_secret(token, given.jwks.keys[0])].forEach(bad);
  // Of a refresh token only the name counts: whose it is, its family knows.
  [...forged.of_somebody_else(token, sign, owner, given.other_account)]
    .filter(([name]) => as !== 'simple_refresh' || !/another account|nobody|empty/.test(name)).forEach(bad);
  // Under a good signature, so that nothing but the spelling is wrong.
  const padded = (value) => { let text = JSON.stringify(value); while (text.length % 3 === 0) text += ' '; return b64(text); };
  const signed = (text) => `${text}.${key_of(as)(text)}`;
  bad(['payload spelled otherwise', signed(`${json64(header)}.${respelled(padded(claims))}`)]);
  bad(['header spelled otherwise', signed(`${respelled(padded(header))}.${body}`)]);
  bad(['signed with padding', signed(`${json64(header)}.${Buffer.from(padded(claims), 'base64url').toString('base64')}`)]);
  bad(['signed with a line end', signed(`${json64(header)}.${body}\n`)]);
  bad(['signed with four segments', signed(`${json64(header)}.${body}.${body}`)]);
  bad(['the same name as a number', sign(header, { ...claims, jti: BigInt(`0x${claims.jti}`).toString() })]);
}
function key_of(as) { return as === 'native_access' ? es256 : (text) => b64(hmac('sha256', secret, text)); }

[...forged.with_odd_numbers(given.native)].forEach(offer('native_access', false));
const bad_native = {
  'wrong iss': { ...native.claims, iss: `${given.issuer}/` }, 'no iss': without(native.claims, 'iss'), 'iss as list': { ...native.claims, iss: [given.issuer] },
  'wrong aud': { ...native.claims, aud: 'others' }, 'no aud': without(native.claims, 'aud'), 'aud of others in a list': { ...native.claims, aud: ['others'] },
  'user_id instead of sub': { ...without(native.claims, 'sub'), user_id: native.claims.sub },
};
for (const [name, claims] of Object.entries(bad_native)) offer('native_access', false)([name, sign_native(native.header, claims)]);
const kids = { 'empty': '', 'other': 'x', 'path': '../../../dev/null', 'SQL': "' OR 1=1 --", 'NUL': '\0', 'null': null, 'number': 1,
  'longer': `${native.header.kid}x`, 'NUL at the end': `${native.header.kid}\0`, 'of the other key': given.jwks.keys[1].kid };
for (const [name, kid] of Object.entries(kids))
  offer('native_access', false)([`kid ${name}, signed by the first key`, sign_native({ ...native.header, kid }, native.claims)]);
offer('native_access', false)(['no kid', sign_native(without(native.header, 'kid'), native.claims)]);

for (const type of ['refresh', 'Access', 'access ', '', null, 1, ['access'], 'id'])
  offer('simple_access', false)([`token_type ${JSON.stringify(type)}`, sign_simple(access.header, { ...access.claims, token_type: type })]);
for (const type of ['access', 'Refresh', '', null, ['refresh']])
  offer('simple_refresh', false)([`token_type ${JSON.stringify(type)}`, sign_simple(refresh.header, { ...refresh.claims, token_type: type })]);
offer('simple_access', false)(['no token_type', sign_simple(access.header, without(access.claims, 'token_type'))]);
offer('simple_refresh', false)(['no token_type', sign_simple(refresh.header, without(refresh.claims, 'token_type'))]);
offer('simple_access', false)(['token_type twice', sign_simple(access.header, JSON.stringify(access.claims).replace('{', '{"token_type":"access",'))]);

// Each kind for every other one, also by its name under the right signature.
offer('simple_access', false)(['a refresh token\'s name', sign_simple(access.header, { ...access.claims, jti: refresh.claims.jti })]);
offer('simple_refresh', false)(['an access token\'s name', sign_simple(refresh.header, { ...refresh.claims, jti: access.claims.jti })]);
offer('native_access', false)(['a refresh token\'s name', sign_native(native.header, { ...native.claims, jti: refresh.claims.jti })]);
offer('native_access', false)(['another issuer\'s name', sign_native(native.header, { ...native.claims, jti: access.claims.jti })]);
const presented = ['simple_access', 'simple_refresh', 'native_access', 'native_refresh'];
const own = { simple_access: given.access, simple_refresh: given.refresh, native_access: given.native, native_refresh: given.native_refresh };
for (const as of presented) {
  for (const [kind, token] of Object.entries(own)) if (kind !== as) offer(as, false)([`is ${kind}`, token]);
  for (const [name, token] of Object.entries(given.others)) offer(as, false)([name, token]);
}

// Opaque: 16 bytes of a name, 8 of a check.
const opaque = Buffer.from(given.native_refresh, 'base64url');
for (let at = 0; at < opaque.length; ++at) {
  const changed = Buffer.from(opaque);
  changed[at] ^= 1;
  offer('native_refresh', false)([`byte ${at} changed`, b64(changed)]);
}
for (const [name, token] of Object.entries({ 'empty': '', 'shorter': b64(opaque.subarray(0, 23)), 'longer': b64(Buffer.concat([opaque, Buffer.alloc(1)])),
  'padded': `${given.native_refresh}=`, 'line end': `${given.native_refresh}\n`, 'without its check': b64(opaque.subarray(0, 16)), 'zeros': b64(Buffer.alloc(24)) }))
  offer('native_refresh', false)([name, token]);
