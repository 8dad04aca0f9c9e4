'use strict';

// What the page knows. The token is in no storage: whoever finds this browser later finds nothing.
const state = { step: 'ask', path: '/register/', to: {}, token: '', expires: 0, againAt: 0, waitUntil: 0 };
const $ = (id) => document.getElementById(id);
const policy = document.body.dataset;  // as the server is configured; times in seconds
const steps = ['ask', 'enter', 'show'];
const patience = 20_000;  // ms, for one answer
let visit = new AbortController();  // of the step that is seen; what was begun in another one is of no use any more

// ---- calls

// What the server says, or an Error that says why not: `status` (0: no answer at all), `wait` in seconds, `left`: the
// step is not seen any more.
async function call(method, path, body) {
  const headers = {};
  if (body) headers['Content-Type'] = 'application/json';
  if (state.token) headers.Authorization = 'Bearer ' + state.token;
  const begun = visit.signal;
  const stop = new AbortController();
  begun.addEventListener('abort', () => stop.abort(), { once: true });
  const late = setTimeout(() => stop.abort(), patience);
  let answer;
  let said = null;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store', signal: stop.signal });
    said = await answer.text();
  } catch {
    // Said below.
  } finally {
    clearTimeout(late);
  }
  if (begun.aborted) throw Object.assign(new Error('The step was left.'), { left: true });
  if (said === null)
    throw Object.assign(new Error('The server cannot be reached. Check your connection and try again.'), { status: 0, wait: 0 });
  try {
    said = JSON.parse(said);
  } catch {
    said = {};  // a proxy's own page
  }
  if (answer.ok) return said;
  const why = [said.message, said.detail].find((each) => typeof each === 'string' && each);
  const wait = Number(answer.headers.get('Retry-After')) || 0;
  throw Object.assign(new Error(why || 'Something went wrong. Please try again.'), { status: answer.status, wait });
}

// ---- what is seen

function show(step) {
  visit.abort();
  visit = new AbortController();
  state.step = step;
  state.waitUntil = 0;
  for (const each of steps) $(each).hidden = each !== step;
  for (const each of document.querySelectorAll('.steps li')) {
    const done = steps.indexOf(each.dataset.step) < steps.indexOf(step);
    each.classList.toggle('done', done);
    if (each.dataset.step === step) each.setAttribute('aria-current', 'step');
    else each.removeAttribute('aria-current');
  }
  document.title = $(step + '-title').textContent;
  tick();
}

function say(text) {
  $('status').textContent = text;
}

// `field`: what has to be changed. It gets the focus, ready to be overwritten.
function complain(step, field, text, wait = 0) {
  $(step + '-error').textContent = text;
  state.waitUntil = wait ? Date.now() + wait * 1000 : 0;
  tick();
  if (!field) return;
  if (text) {
    field.setAttribute('aria-invalid', 'true');
    field.focus();
    field.select();
  } else {
    field.removeAttribute('aria-invalid');
  }
}

// Only one at a time. Not `disabled`: that would take the focus away.
async function busy(button, work) {
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  try {
    await work();
  } finally {
    button.removeAttribute('aria-disabled');
    tick();
  }
}

function clock(seconds) {
  const two = (number) => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return (hours ? hours + ':' + two(minutes) : minutes) + ':' + two(seconds % 60);
}

function tick() {
  const left = (until) => Math.ceil((until - Date.now()) / 1000);
  for (const step of ['ask', 'enter']) {
    const wait = step === state.step ? left(state.waitUntil) : 0;
    $(step + '-wait').hidden = wait <= 0;
    $(step + '-wait').textContent = `You can try again in ${clock(Math.max(wait, 0))}.`;
  }
  if (state.step !== 'enter') return;
  const life = left(state.expires);
  if (life <= 0 && $('life').textContent.startsWith('Good')) say('The code has expired.');
  $('life').textContent = life > 0 ? `Good for ${clock(life)}.` : 'It has expired. Send a new one.';
  const again = left(state.againAt);
  $('again').textContent = again > 0 ? `Send a new code in ${clock(again)}` : 'Send a new code';
  if (again > 0) $('again').setAttribute('aria-disabled', 'true');
  else $('again').removeAttribute('aria-disabled');
}

// ---- the steps

function addressOf(text) {
  return text.includes('@') ? { email: text } : { mobile: text };
}

async function send() {
  await call('POST', state.path, state.to);
  state.expires = Date.now() + policy.lifetime * 1000;
  state.againAt = Date.now() + policy.againAfter * 1000;
  say('A code was sent.');
}

function ask(event) {
  event.preventDefault();
  const field = $('address');
  const text = field.value.trim();
  complain('ask', field, text ? '' : 'Enter your e-mail address or mobile number.');
  if (!text) return;
  busy(event.target.querySelector('[type="submit"]'), async () => {
    state.path = new FormData($('ask-form')).get('path');
    state.to = addressOf(text);
    try {
      await send();
    } catch (error) {
      if (error.left) return;
      // No answer, or too many of them: then the address is not at fault.
      complain('ask', error.status === 400 ? field : null, error.message, error.wait);
      return;
    }
    $('sent-to').textContent = text;
    $('code').value = '';
    complain('enter', $('code'), '');
    show('enter');
    $('code').focus();
    listen();
  });
}

async function again() {
  if (Date.now() < state.againAt) return;
  state.againAt = Date.now() + patience;  // one at a time
  complain('enter', $('code'), '');
  try {
    await send();
    $('code').value = '';
    $('code').focus();
  } catch (error) {
    if (error.left) return;
    state.againAt = Date.now() + error.wait * 1000;
    complain('enter', null, error.message);
  }
  tick();
}

function enter(event) {
  if (event) event.preventDefault();
  const field = $('code');
  const code = field.value.trim();
  complain('enter', field, code.length === field.maxLength ? '' : `The code has ${field.maxLength} ${policy.codeKind}.`);
  if (field.hasAttribute('aria-invalid')) return;
  busy($('enter-form').querySelector('[type="submit"]'), async () => {
    try {
      const { access } = await call('POST', '/verify-otp/', { ...state.to, code });
      state.token = access;
    } catch (error) {
      if (!error.left) complain('enter', error.status === 400 ? field : null, error.message, error.wait);
      return;
    }
    $('code').value = '';
    show('show');
    $('show-title').focus();
    await profile();
  });
}

async function profile() {
  complain('show', null, '');
  $('retry').hidden = true;
  $('profile').replaceChildren();
  try {
    const who = await call('GET', '/profile/');
    const rows = [['E\u2011mail', who.email], ['Mobile', who.mobile], ['Verified', who.is_verified ? 'yes' : 'no'], ['Id', who.id, 'id']];
    for (const [name, value, kind] of rows) if (value) $('profile').append(row(name, value, kind));
    say('You are signed in.');
  } catch (error) {
    if (error.left) return;
    if (error.status === 401) return leave('You were logged out. Sign in again.');
    complain('show', null, error.message);
    $('retry').hidden = false;
  }
}

function row(name, value, kind) {
  const [out, term, text] = ['div', 'dt', 'dd'].map((tag) => document.createElement(tag));
  term.textContent = name;
  text.textContent = value;
  if (kind) text.className = kind;
  out.append(term, text);
  return out;
}

function leave(why) {
  state.token = '';
  state.to = {};
  for (const id of ['profile', 'sent-to']) $(id).replaceChildren();
  for (const id of ['ask-form', 'enter-form']) $(id).reset();
  complain('ask', $('address'), '');
  show('ask');
  $('ask-title').focus();
  if (why) complain('ask', null, why);
  else say('You are logged out.');
}

function back() {
  show('ask');
  $('address').focus();
}

// ---- the code's field

// With spaces or within a sentence, as messages have it; `maxlength` would cut before anybody looks.
function paste(event) {
  const field = $('code');
  const text = event.clipboardData.getData('text').trim();
  const digits = new RegExp(`(?<!\\p{Nd})(?:\\p{Nd}[ -]?){${field.maxLength}}(?!\\p{Nd})`, 'u').exec(text);
  const found = policy.codeKind === 'digits' && digits ? digits[0] : text;
  const code = found.replace(/[\s-]/g, '');
  if (code.length !== field.maxLength) return;
  event.preventDefault();
  field.value = code;
}

// WebOTP: the browser reads the code from a text message that names this host, if its owner agrees.
async function listen() {
  if (!('OTPCredential' in window) || !state.to.mobile) return;
  const begun = visit;
  try {
    const found = await navigator.credentials.get({ otp: { transport: ['sms'] }, signal: begun.signal });
    if (!found || begun.signal.aborted) return;
    $('code').value = found.code;
    enter();
  } catch {
    // Not agreed to, or no message came: the field is there.
  }
}

$('ask-form').addEventListener('submit', ask);
$('enter-form').addEventListener('submit', enter);
$('again').addEventListener('click', again);
$('back').addEventListener('click', back);
$('retry').addEventListener('click', () => busy($('retry'), profile));
$('leave').addEventListener('click', () => leave());
$('code').addEventListener('paste', paste);
$('code').addEventListener('input', () => { $('code').value = $('code').value.replace(/\s/g, ''); });
// A page that comes back from the browser's history must not bring its token along.
window.addEventListener('pageshow', (event) => { if (event.persisted) leave(); });
$('code').parentElement.style.setProperty('--length', $('code').maxLength);
$('code').parentElement.classList.toggle('few', $('code').maxLength <= 8);
setInterval(tick, 1000);
