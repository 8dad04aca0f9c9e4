// What the browser tests have in common: Chromium, pages that are watched, and what every step has to be.
// node SCRIPT PLAYWRIGHT CHROMIUM PAGE INBOX SCREENSHOTS

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [playwright, chromium, home, inbox, screenshots] = process.argv.slice(2);
const { chromium: browsers } = createRequire(import.meta.url)(playwright);
const patience = 15_000;  // ms, for whatever is waited for
const bound = 60_000;     // ms, for the whole script

export const home_url = home;
export const origin = new URL(home).origin;
let browser;

// Runs each scenario in turn; the first that fails ends the script with 1.
export async function run(scenarios) {
  setTimeout(() => {
    console.error(`not done after ${bound} ms`);
    process.exit(1);  // takes the browser along
  }, bound).unref();
  browser = await browsers.launch({
    executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'], timeout: 30_000,
  });
  try {
    for (const each of scenarios) {
      const began = performance.now();
      console.log(each.name);
      await each();
      console.log(`  ${Math.round(performance.now() - began)} ms`);
    }
  } finally {
    await browser.close();
  }
}

export async function messages_to(address) {
  const url = `${inbox}?to=${encodeURIComponent(address)}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(patience) });
  return (await answer.json()).messages;
}

// Of the newest message.
export async function code_for(address) {
  const messages = await messages_to(address);
  assert.ok(messages.length > 0, `nothing was sent to ${address}`);
  return messages[0].code;
}

export const another_code = (code) => (code === '000000' ? '000001' : '000000');

export async function new_page(options = {}) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(patience);
  return context.newPage();
}

// The page, watched for what goes wrong without being seen: errors, refusals of its policy, requests to others.
export async function open(options = {}, prepare = async () => {}) {
  const page = await new_page(options);
  const faults = [];
  page.on('console', (each) => {
    const answers = /\/(register|login|verify-otp|profile)\/$/;  // a refused code is an "error" of this kind
    const is_answer = each.text().startsWith('Failed to load resource') && answers.test(each.location().url);
    if (['error', 'warning'].includes(each.type()) && !is_answer) faults.push(`console: ${each.text()}`);
  });
  page.on('pageerror', (each) => faults.push(`error: ${each.message}`));
  page.on('dialog', (each) => {
    faults.push(`dialog: ${each.message()}`);
    each.dismiss().catch(() => {});
  });
  page.on('request', (each) => {
    const url = new URL(each.url());
    if (url.protocol !== 'data:' && url.origin !== origin) faults.push(`foreign request: ${url}`);
  });
  await page.exposeFunction('refused', (what) => faults.push(`policy: ${what}`));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (each) => {
    window.refused(`${each.effectiveDirective} ${each.blockedURI}`);
  }));
  await prepare(page);
  const answer = await page.goto(home_url);
  assert.equal(answer.status(), 200);
  page.faults = faults;
  return page;
}

export async function close(page) {
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

export async function shoot(page, name) {
  await page.screenshot({ path: `${screenshots}/home-${name}.png`, fullPage: true });
}

// ---- what holds at every step

// 320: WCAG 2.2, 1.4.10; 640: a window of 1280 at 200 %.
export async function expect_sound(page) {
  await expect_names(page);
  const size = page.viewportSize();
  const scheme = await page.evaluate(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  for (const width of [320, 360, 640, 1280]) {
    await page.setViewportSize({ width, height: 720 });
    await expect_fits(page, width);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await page.evaluate(weak_contrasts), [], `${colorScheme}, ${width} wide`);
    }
  }
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: null });
  await page.setViewportSize(size);
}

async function expect_fits(page, width) {
  // Not innerWidth: a mobile browser makes it as wide as the page.
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `the page is ${wide} wide in a window of ${width}`);
  const small = await page.evaluate(() => [...document.querySelectorAll('input, button')]
    .filter((each) => each.offsetParent !== null)
    .map((each) => [each.id || each.name || each.type, (each.closest('label') ?? each).getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24 || box.left < 0 || box.right > innerWidth)
    .map(([name]) => name));
  assert.deepEqual(small, [], `too small to be met, or cut off, ${width} wide`);
}

// As a screen reader is told: Chromium's own accessibility tree.
async function expect_names(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const controls = nodes.filter((each) => ['button', 'radio', 'textbox'].includes(each.role?.value));
  assert.ok(controls.length > 0);
  assert.deepEqual(controls.filter((each) => !each.name?.value?.trim()), []);
}

// Runs in the page. WCAG 2.2, 1.4.3: 4.5 to 1 for every visible text; 1.4.11: 3 to 1 for a control's border.
function weak_contrasts() {
  const channel = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const ground = (each) => {
    for (; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const out = [];
  const judge = (each, color, behind, least) => {
    const found = ratio(parse(color), ground(behind));
    if (!(found >= least)) out.push(`${each.tagName} "${each.textContent.trim().slice(0, 30)}" ${found.toFixed(2)}`);
  };
  for (const each of document.querySelectorAll('body *')) {
    if (each.offsetParent === null) continue;
    const style = getComputedStyle(each);
    const own = [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (own || each.tagName === 'INPUT') judge(each, style.color, each, 4.5);
    if (each.matches('input[type="text"], .choice label')) judge(each, style.borderTopColor, each.parentElement, 3);
  }
  return out;
}

// ---- the keyboard

export const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.name);

// The next control, which has to show that it has the focus.
export async function tab_to(page, name) {
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), name);
  const outline = await page.evaluate(() => {
    const place = document.activeElement.closest('label') ?? document.activeElement;
    const style = getComputedStyle(place);
    return style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth);
  });
  assert.ok(outline >= 2, `${name} does not show its focus`);
}

// From the step's heading or the top of the page to the code's field.
export async function ask(page, path, address) {
  await tab_to(page, 'path');
  if (path === 'login') await page.keyboard.press('ArrowDown');
  await tab_to(page, 'address');
  await page.keyboard.type(address);
  await page.keyboard.press('Enter');
  await page.locator('#enter').waitFor();
  assert.equal(await focused(page), 'code');
}

export async function enter(page, code) {
  assert.equal(await focused(page), 'code');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}
