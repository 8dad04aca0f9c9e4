// System s4's page in a real browser: register and log in by keyboard alone, the code read from the inbox provider.
// node home.mjs PLAYWRIGHT CHROMIUM PAGE INBOX SCREENSHOTS

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [playwright, chromium, page_url, inbox_url, screenshots] = process.argv.slice(2);
const { chromium: browsers } = createRequire(import.meta.url)(playwright);
const origin = new URL(page_url).origin;
const patience = 15_000;

async function code_for(address) {
  const answer = await fetch(`${inbox_url}?to=${encodeURIComponent(address)}`);
  const { messages } = await answer.json();
  assert.ok(messages.length > 0, `nothing was sent to ${address}`);
  return messages[0].code;
}

// Whatever goes wrong without being seen: errors, what the policy refused, and requests to anybody else.
function watch(page, faults) {
  page.on('console', (each) => {
    const is_answer = each.text().startsWith('Failed to load resource');  // a refused code is one, too
    if (each.type() === 'error' && !is_answer) faults.push(`console: ${each.text()}`);
  });
  page.on('pageerror', (each) => faults.push(`error: ${each.message}`));
  page.on('request', (each) => {
    const url = new URL(each.url());
    if (url.protocol !== 'data:' && url.origin !== origin) faults.push(`foreign request: ${url}`);
  });
}

async function open(browser, options, faults) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  watch(page, faults);
  const answer = await page.goto(page_url);
  assert.equal(answer.status(), 200);
  const policy = answer.headers()['content-security-policy'];
  assert.match(policy, /default-src 'none'/);
  assert.match(policy, /frame-ancestors 'none'/);
  return page;
}

let shots = 0;
async function shoot(page, name) {
  shots += 1;
  await page.screenshot({ path: `${screenshots}/home-${String(shots).padStart(2, '0')}-${name}.png`, fullPage: true });
}

async function expect_fits(page) {
  // Not innerWidth: a mobile browser makes it as wide as the page.
  const seen = page.viewportSize().width;
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= seen, `the page is ${wide} wide in a window of ${seen}`);
}

// Every control has a name, as a screen reader tells it.
async function expect_names(page) {
  const unnamed = await page.evaluate(() => [...document.querySelectorAll('input, button')]
    .filter((each) => each.offsetParent !== null)
    .filter((each) => !(each.labels && each.labels.length) && !each.textContent.trim())
    .map((each) => each.outerHTML));
  assert.deepEqual(unnamed, []);
}

// WCAG 2.2, 1.4.3: 4.5 to 1, for every visible text.
async function expect_contrast(page) {
  const weak = await page.evaluate(() => {
    const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const ground = (each) => {
      for (; each; each = each.parentElement) {
        const color = parse(getComputedStyle(each).backgroundColor);
        if (color.length === 3 || color[3] === 1) return color;
      }
      return [255, 255, 255];
    };
    const out = [];
    for (const each of document.querySelectorAll('main *')) {
      const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      if (!own || each.offsetParent === null || each.disabled) continue;
      const [a, b] = [light(parse(getComputedStyle(each).color)), light(ground(each))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) out.push(`${each.tagName} "${each.textContent.trim().slice(0, 30)}" ${ratio.toFixed(2)}`);
    }
    return out;
  });
  assert.deepEqual(weak, []);
}

async function expect_sound(page) {
  await expect_fits(page);
  await expect_names(page);
  await expect_contrast(page);
}

const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.name);

async function type_into(page, id, text) {
  assert.equal(await focused(page), id);
  await page.keyboard.type(text);
}

// From the top of the page to the code field: radio buttons, address, Enter.
async function ask(page, path, address) {
  for (let i = 0; i < 5 && (await focused(page)) !== 'path'; ++i) await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'path');
  if (path === 'login') await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Tab');
  await type_into(page, 'address', address);
  await shoot(page, `${path}-address`);
  await page.keyboard.press('Enter');
  await page.locator('#enter').waitFor();
  assert.equal(await focused(page), 'code');
  assert.equal(await page.locator('#code').getAttribute('autocomplete'), 'one-time-code');
}

async function enter(page, code) {
  await type_into(page, 'code', code);
  await page.keyboard.press('Enter');
}

async function registers_by_email(browser, faults) {
  const page = await open(browser, { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }, faults);
  await expect_sound(page);
  await ask(page, 'register', 'ann@example.com');
  await expect_sound(page);
  const right = await code_for('ann@example.com');
  await enter(page, right === '000000' ? '000001' : '000000');
  await page.locator('#enter-error:has-text("Invalid or expired OTP")').waitFor();
  assert.equal(await focused(page), 'code', 'the field with the wrong code is ready for another');
  await expect_sound(page);
  await shoot(page, 'wrong-code');
  await enter(page, right);
  await page.locator('#profile dd', { hasText: 'ann@example.com' }).waitFor();
  assert.equal(await focused(page), 'show-title');
  assert.equal(await page.locator('[aria-current="step"]').innerText(), 'Profile');
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length + document.cookie.length), 0);
  await expect_sound(page);
  await shoot(page, 'profile');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'leave');
  await page.keyboard.press('Enter');
  await page.locator('#ask').waitFor();
  assert.equal(await focused(page), 'ask-title');
  await page.context().close();
}

async function logs_in_by_mobile(browser, faults) {
  const phone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark', isMobile: true, hasTouch: true };
  const page = await open(browser, phone, faults);
  await expect_sound(page);
  await ask(page, 'login', '+1 212 555 0123');
  await expect_sound(page);
  await shoot(page, 'dark-code');
  await enter(page, await code_for('+12125550123'));
  await page.locator('#profile dd', { hasText: '+12125550123' }).waitFor();
  await expect_sound(page);
  await shoot(page, 'dark-profile');
  await page.context().close();
}

// What somebody types stays text.
async function shows_text_only(browser, faults) {
  const page = await open(browser, { viewport: { width: 800, height: 700 } }, faults);
  const nasty = '<img src=x onerror=alert(1)>@"><script>alert(2)</script>';
  await page.locator('#address').fill(nasty);
  await page.locator('#ask-form button').click();
  await page.locator('#ask-error:has-text("valid email")').waitFor();
  assert.equal(await page.locator('main img, main script').count(), 0);
  await shoot(page, 'refused-address');
  await page.context().close();
}

const browser = await browsers.launch({ executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: 30_000 });
const faults = [];
try {
  await registers_by_email(browser, faults);
  await logs_in_by_mobile(browser, faults);
  await shows_text_only(browser, faults);
  assert.deepEqual(faults, []);
  console.log(`${shots} screenshots`);
} finally {
  await browser.close();
}
