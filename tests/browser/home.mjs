// System s4's page in a real browser: register and log in by keyboard alone, the code read from the inbox provider.

import assert from 'node:assert/strict';

import {
  another_code, ask, close, code_for, enter, expect_sound, focused, home_url, new_page, open, origin, run, shoot, tab_to,
} from './harness.mjs';

const desktop = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' };
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, colorScheme: 'dark', isMobile: true, hasTouch: true };

const in_error = (page, step, text) => page.locator(`#${step}-error`, { hasText: text }).waitFor();
const in_profile = (page, text) => page.locator('#profile dd', { hasText: text }).waitFor();
const current_step = (page) => page.locator('[aria-current="step"] b').innerText();

async function registers_by_email_and_logs_in_by_mobile() {
  const page = await open(desktop);
  await expect_sound(page);
  await shoot(page, 'light-1-address');
  await ask(page, 'register', 'ann@example.com');
  const field = page.locator('#code');
  assert.equal(await field.getAttribute('autocomplete'), 'one-time-code');
  assert.equal(await field.getAttribute('inputmode'), 'numeric');
  assert.equal(await field.getAttribute('maxlength'), '6');
  assert.equal(await current_step(page), 'Code');
  await expect_sound(page);

  const right = await code_for('ann@example.com');
  await enter(page, right.slice(0, 3));
  await in_error(page, 'enter', 'The code has 6 digits.');
  await enter(page, another_code(right));
  await in_error(page, 'enter', 'Invalid or expired OTP');
  assert.equal(await focused(page), 'code', 'the field with the wrong code is ready for another');
  assert.equal(await field.getAttribute('aria-invalid'), 'true');
  await expect_sound(page);
  await shoot(page, 'light-2-wrong-code');

  await enter(page, right);
  await in_profile(page, 'ann@example.com');
  assert.equal(await focused(page), 'show-title');
  assert.equal(await current_step(page), 'Profile');
  assert.equal(await page.title(), 'You are signed in');
  const kept = await page.evaluate(async () => [
    localStorage.length, sessionStorage.length, document.cookie.length, (await indexedDB.databases()).length, (await caches.keys()).length]);
  assert.deepEqual(kept, [0, 0, 0, 0, 0], 'the token is in no storage');
  await expect_sound(page);
  await shoot(page, 'light-3-profile');

  await tab_to(page, 'leave');
  await page.keyboard.press('Enter');
  await page.locator('#ask').waitFor();
  assert.equal(await focused(page), 'ask-title');
  assert.equal(await page.evaluate(() => state.token), '');
  assert.ok(!(await page.content()).includes('ann@example.com'), 'nothing of her is left in the page');

  await ask(page, 'login', '+1 212 555 0123');
  await enter(page, await code_for('+12125550123'));
  await in_profile(page, '+12125550123');
  await close(page);
}

async function fits_a_phone_where_codes_are_pasted() {
  const page = await open({ ...phone, permissions: ['clipboard-read', 'clipboard-write'] });
  await shoot(page, 'dark-1-address');
  await ask(page, 'register', '+1 212 555 0124');
  await shoot(page, 'dark-2-code');
  const code = await code_for('+12125550124');
  for (const text of [`${code.slice(0, 3)} ${code.slice(3)}\n`, `Your code is ${code}. Keep it 10 minutes.`, code]) {
    await page.locator('#code').fill('');
    await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
    await page.keyboard.press('Control+V');
    assert.equal(await page.locator('#code').inputValue(), code, text);
  }
  await page.keyboard.press('Enter');
  await in_profile(page, '+12125550124');
  await expect_sound(page);
  await shoot(page, 'dark-3-profile');
  await close(page);
}

// WebOTP. No message reaches this browser, so the test stands in for the system that reads them.
async function takes_the_code_from_a_text_message() {
  const page = await open(desktop, async (each) => {
    await each.exposeFunction('next_message', () => code_for('+12125550125'));
    await each.addInitScript(() => {
      window.OTPCredential = class {};
      window.asked = [];
      navigator.credentials.get = async (what) => {
        window.asked.push(what);
        if (window.asked.length > 1) return { code: await window.next_message() };
        return new Promise((_, refuse) => what.signal.addEventListener('abort', () => refuse(what.signal.reason)));
      };
    });
  });
  await ask(page, 'register', '+1 212 555 0125');
  await page.locator('#back').click();
  assert.equal(await focused(page), 'address');
  assert.equal(await page.evaluate(() => window.asked[0].signal.aborted), true, 'nobody waits for a code that is not wanted');
  await page.keyboard.press('Enter');
  await in_profile(page, '+12125550125');
  assert.deepEqual(await page.evaluate(() => window.asked.map((each) => each.otp.transport)), [['sms'], ['sms']]);
  await close(page);
}

// The page's clock is the test's own, and stands; the server's is not.
async function with_own_clock(page) {
  await page.clock.install({ time: 0 });
  await page.clock.pauseAt(1_000_000);
}

async function counts_down_and_sends_again() {
  const page = await open(desktop, with_own_clock);
  await ask(page, 'register', 'ben@example.com');
  const first = await code_for('ben@example.com');
  assert.equal(await page.locator('#life').innerText(), 'Good for 2:00.');
  await page.clock.runFor(5_000);
  assert.equal(await page.locator('#life').innerText(), 'Good for 1:55.');
  await page.locator('#again', { hasText: 'in 0:15' }).waitFor();
  await page.clock.runFor(116_000);
  assert.equal(await page.locator('#life').innerText(), 'It has expired. Send a new one.');
  assert.equal(await page.locator('#status').innerText(), 'The code has expired.');
  await tab_to(page, '');  // Continue
  await tab_to(page, 'again');
  await page.keyboard.press('Enter');
  await page.locator('#life', { hasText: 'Good for 2:00.' }).waitFor();
  assert.equal(await focused(page), 'code');
  const second = await code_for('ben@example.com');
  if (second !== first) {
    await enter(page, first);
    await in_error(page, 'enter', 'Invalid or expired OTP');
  }
  await enter(page, second);
  await in_profile(page, 'ben@example.com');
  await close(page);
}

async function says_when_to_try_again() {
  for (let i = 0; i < 5; ++i) {
    const body = JSON.stringify({ email: 'eve@example.com' });
    const headers = { 'Content-Type': 'application/json' };
    const sent = await fetch(`${origin}/login/`, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
    assert.equal(sent.status, 200);
  }
  const page = await open(desktop, with_own_clock);
  await tab_to(page, 'path');
  await tab_to(page, 'address');
  await page.keyboard.type('eve@example.com');
  await page.keyboard.press('Enter');
  await in_error(page, 'ask', 'Too many OTP requests. Please try again later.');
  const wait = page.locator('#ask-wait');
  const [minutes, seconds] = (await wait.innerText()).match(/(\d+):(\d\d)/).slice(1).map(Number);
  assert.ok(minutes * 60 + seconds > 10);
  await expect_sound(page);
  await shoot(page, 'light-4-too-many');
  await page.clock.runFor(10_000);
  const later = (await wait.innerText()).match(/(\d+):(\d\d)/).slice(1).map(Number);
  assert.equal(minutes * 60 + seconds - (later[0] * 60 + later[1]), 10);
  await page.clock.runFor((minutes * 60 + seconds) * 1000);
  assert.equal(await wait.isVisible(), false);
  await close(page);
}

async function says_that_nobody_answers() {
  const page = await open(desktop);
  await page.context().setOffline(true);
  await tab_to(page, 'path');
  await tab_to(page, 'address');
  await page.keyboard.type('dan@example.com');
  await page.keyboard.press('Enter');
  await in_error(page, 'ask', 'The server cannot be reached.');
  assert.equal(await focused(page), 'address');
  await page.context().setOffline(false);
  await page.keyboard.press('Enter');
  await page.locator('#enter').waitFor();
  assert.equal(await page.locator('#ask-error').textContent(), '');
  await close(page);
}

// Two people, one browser: what was asked for one of them is not shown to the other.
async function late_answers_change_nothing() {
  const page = await open(desktop);
  // Enters the code, which makes the page ask for `path`; that is held up until the release that this returns.
  const enter_and_hold = async (path, code) => {
    let release;
    const free = new Promise((done) => { release = done; });
    await page.route(path, (each) => free.then(() => each.continue()).catch(() => {}), { times: 1 });
    await Promise.all([page.waitForRequest(path), enter(page, code)]);
    return release;
  };
  await ask(page, 'register', 'fay@example.com');
  const verified = await enter_and_hold('**/verify-otp/', await code_for('fay@example.com'));
  await page.locator('#back').click();
  verified();
  await page.locator('#address').fill('gus@example.com');
  await page.keyboard.press('Enter');
  await page.locator('#enter').waitFor();
  const seen = await enter_and_hold('**/profile/', await code_for('gus@example.com'));
  await page.locator('#leave').click();
  await ask(page, 'login', 'hal@example.com');
  await enter(page, await code_for('hal@example.com'));
  seen();
  await in_profile(page, 'hal@example.com');
  await expect_sound(page);
  const shown = await page.locator('#profile dd').allTextContents();
  assert.equal(shown.length, 3, shown.join());
  await close(page);
}

async function says_that_it_needs_scripts() {
  const page = await new_page({ ...desktop, javaScriptEnabled: false });
  await page.goto(home_url);
  await page.locator('.notice').waitFor();
  await shoot(page, 'light-5-no-scripts');
  assert.equal(await page.locator('#ask-form').isVisible(), false);
  await page.context().close();
}

await run([
  registers_by_email_and_logs_in_by_mobile,
  fits_a_phone_where_codes_are_pasted,
  takes_the_code_from_a_text_message,
  counts_down_and_sends_again,
  says_when_to_try_again,
  says_that_nobody_answers,
  late_answers_change_nothing,
  says_that_it_needs_scripts,
]);
