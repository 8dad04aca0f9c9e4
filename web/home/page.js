'use strict';

// What the page knows. The token is in no storage: whoever finds this browser later finds nothing.
const state = { path: '/register/', to: {}, token: '', expires: 0, againAt: 0 };
const $ = (id) => document.getElementById(id);
const policy = document.querySelector('main').dataset;  // seconds, as the server is configured
let listening = null;  // for a code in a text message

// ---- calls

async function call(method, path, body) {
  const headers = {};
  if (body) headers['Content-Type'] = 'application/json';
  if (state.token) headers.Authorization = 'Bearer ' + state.token;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: 'no-store' });
  } catch {
    throw new Error('The server cannot be reached. Check your connection and try again.');
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) return said;
  const error = new Error(said.message || said.detail || 'Something went wrong. Please try again.');
  error.wait = Number(answer.headers.get('Retry-After')) || 0;
  throw error;
}

// ---- what is seen

function show(step) {
  for (const id of ['ask', 'enter', 'show']) $(id).hidden = id !== step;
  for (const each of document.querySelectorAll('.steps li')) {
    if (each.dataset.step === step) each.setAttribute('aria-current', 'step');
    else each.removeAttribute('aria-current');
  }
  document.title = $(step + '-title').textContent;
  if (step !== 'enter' && listening) listening.abort();
}

function say(text) {
  $('status').textContent = text;
}

function complain(step, field, text) {
  $(step + '-error').textContent = text;
  if (!field) return;
  if (text) {
    field.setAttribute('aria-invalid', 'true');
    field.focus();
    field.select();
  } else {
    field.removeAttribute('aria-invalid');
  }
}

async function busy(form, work) {
  const button = form.querySelector('button[type="submit"]');
  button.disabled = true;
  try {
    await work();
  } finally {
    button.disabled = false;
  }
}

function clock(seconds) {
  return Math.floor(seconds / 60) + ':' + String(seconds % 60).padStart(2, '0');
}

function tick() {
  const now = Date.now();
  const left = Math.ceil((state.expires - now) / 1000);
  $('life').textContent = left > 0 ? 'Good for ' + clock(left) + '.' : 'It has expired: send a new one.';
  const wait = Math.ceil((state.againAt - now) / 1000);
  $('again').disabled = wait > 0;
  $('again').textContent = wait > 0 ? 'Send a new code in ' + clock(wait) : 'Send a new code';
}

// ---- the steps

function addressOf(text) {
  return text.includes('@') ? { email: text } : { mobile: text };
}

async function send() {
  await call('POST', state.path, state.to);
  state.expires = Date.now() + policy.lifetime * 1000;
  state.againAt = Date.now() + policy.againAfter * 1000;
  tick();
  say('A code was sent.');
}

async function ask(event) {
  event.preventDefault();
  const field = $('address');
  const text = field.value.trim();
  complain('ask', field, text ? '' : 'Enter your e-mail address or mobile number.');
  if (!text) return;
  state.path = new FormData($('ask-form')).get('path');
  state.to = addressOf(text);
  await busy($('ask-form'), async () => {
    try {
      await send();
    } catch (error) {
      complain('ask', field, error.wait ? error.message + ' (' + clock(error.wait) + ')' : error.message);
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
  complain('enter', $('code'), '');
  try {
    await send();
    $('code').value = '';
    $('code').focus();
  } catch (error) {
    if (error.wait) state.againAt = Date.now() + error.wait * 1000;
    tick();
    complain('enter', null, error.message);
  }
}

async function enter(event) {
  if (event) event.preventDefault();
  const field = $('code');
  const code = field.value.trim();
  complain('enter', field, code.length === field.maxLength ? '' : `The code has ${field.maxLength} characters.`);
  if (field.hasAttribute('aria-invalid')) return;
  await busy($('enter-form'), async () => {
    try {
      state.token = (await call('POST', '/verify-otp/', { ...state.to, code })).access;
    } catch (error) {
      complain('enter', field, error.message);
      return;
    }
    await profile();
  });
}

async function profile() {
  complain('show', null, '');
  $('profile').replaceChildren();
  show('show');
  $('show-title').focus();
  try {
    const who = await call('GET', '/profile/');
    const rows = [['E\u2011mail', who.email], ['Mobile', who.mobile], ['Verified', who.is_verified ? 'yes' : 'no'], ['Id', who.id]];
    for (const [name, value] of rows) {
      if (!value) continue;
      const term = document.createElement('dt');
      const text = document.createElement('dd');
      term.textContent = name;
      text.textContent = value;
      $('profile').append(term, text);
    }
    say('You are signed in.');
  } catch (error) {
    complain('show', null, error.message);
  }
}

function leave() {
  state.token = '';
  $('profile').replaceChildren();
  $('ask-form').reset();
  complain('ask', $('address'), '');
  show('ask');
  $('ask-title').focus();
  say('You are logged out.');
}

// WebOTP: the browser reads the code from a text message that names this host, if its owner agrees.
async function listen() {
  if (!('OTPCredential' in window) || !state.to.mobile) return;
  if (listening) listening.abort();
  listening = new AbortController();
  try {
    const found = await navigator.credentials.get({ otp: { transport: ['sms'] }, signal: listening.signal });
    if (!found) return;
    $('code').value = found.code;
    await enter();
  } catch {
    // Not agreed to, or no message came: the field is there.
  }
}

$('ask-form').addEventListener('submit', ask);
$('enter-form').addEventListener('submit', enter);
$('again').addEventListener('click', again);
$('back').addEventListener('click', () => { show('ask'); $('address').focus(); });
$('leave').addEventListener('click', leave);
$('code').addEventListener('input', () => { $('code').value = $('code').value.replace(/\s/g, ''); });
setInterval(tick, 1000);
