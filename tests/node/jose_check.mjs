// Tokens both ways with a foreign implementation, the npm package jose: it verifies every token of otpd's; otpd takes what
// it signs with otpd's key, and refuses every forged shape.
// node jose_check.mjs JOSE PUBLIC_URL INBOX_URL SECRET_OF_S4

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

import * as forged from './forged_shapes.mjs';

const { b64, json64, parts_of, without, hmac } = forged;
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

// Whether otpd takes a token; and whether it can be asked at all, in a header and in a member of a body.
const fits_header = (token) => /^[\x21-\x7e]*$/.test(token) && token.length <= 6000;
const fits_member = (token) => token.length <= 1000;
async function takes_s4(token) {
  return (await call('/profile/', null, { Authorization: `Bearer ${token}` })).status === 200;
}
async function takes_native(token) {
  const { status, said } = await call('/v1/tokens/introspect', { token });
  assert.equal(status, 200, JSON.stringify(said));
  return said.active;
}

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
const add = (takes, name, list) => {
  const fits = takes === takes_s4 ? fits_header : fits_member;
  for (const [shape, token] of list) if (fits(token)) shapes.push([`${name}: ${shape}`, takes, token]);
};
for (const [name, takes, token] of [['s4', takes_s4, all.s4], ['native', takes_native, all.native.access_token]]) {
  add(takes, name, forged.framed(token));
  add(takes, name, forged.unsigned(token));
  add(takes, name, await forged.with_other_keys(jose, token, `${base}/.well-known/jwks.json`));
}
const now = Math.floor(Date.now() / 1000);
add(takes_s4, 's4', forged.with_own_key(all.s4, sign_hs256, 'user_id', now));
add(takes_s4, 's4', forged.of_somebody_else(all.s4, sign_hs256, 'user_id', all.native.account));
for (const type of ['refresh', 'Access', '', null, ['access']])
  add(takes_s4, 's4', [[`token_type ${JSON.stringify(type)}`, sign_hs256(header, { ...claims, token_type: type })]]);
add(takes_s4, 's4', [
  ['no token_type', sign_hs256(header, without(claims, 'token_type'))],
  ['access token of s3', all.s3.access], ['refresh token of s3', all.s3.refresh], ['native', all.native.access_token],
  ['HS512 with our secret', await new jose.SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS512' }).sign(Buffer.concat([secret, secret]))],
]);

const native_parts = parts_of(all.native.access_token);
add(takes_native, 'native', forged.with_public_key_as_secret(all.native.access_token, jwks.keys[0]));
add(takes_native, 'native', forged.with_odd_numbers(all.native.access_token));
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
