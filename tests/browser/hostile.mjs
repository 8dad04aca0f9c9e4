// What others can do with system s4's page: nothing. Texts that look like markup (RELIABILITY A25), and pages of
// another site (A24).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

import { ask, close, code_for, enter, home_url, messages_to, new_page, open, origin, run } from './harness.mjs';

const naughty_file = process.argv[7];  // blns.json; absent: only ours
const nasty = [
  '<img src=x onerror=alert(1)>@"><script>alert(2)</script>',
  '</p></section><svg onload=alert(3)>',
  '<iframe srcdoc="<script>alert(4)</script>">',
  '<a href="javascript:alert(5)">x</a>',
  '&lt;b&gt;&#60;b&#62;\u202e\u0000\ud800',
];
const naughty = naughty_file ? JSON.parse(readFileSync(naughty_file, 'utf8')).filter((each) => each !== '') : [];

const answer = (status, said) => ({ status, contentType: 'application/json', body: JSON.stringify(said) });
const no_markup = async (page) =>
  assert.equal(await page.locator('main :is(img, script, svg, iframe, a, b)').count(), 0);

async function shows_what_was_typed_as_text() {
  const page = await open();
  await page.locator('#address').fill(nasty[0]);
  await page.locator('#ask-form button').click();
  await page.locator('#ask-error', { hasText: 'Enter a valid email address' }).waitFor();
  await no_markup(page);
  await close(page);
}

// A server, or one that stands in for it, that says back whatever it is told.
async function shows_what_it_is_told_as_text() {
  const page = await open();
  await page.route('**/register/', (each) => each.fulfill(answer(400, { message: each.request().postDataJSON().email })));
  for (const told of nasty.filter((each) => each.includes('@'))) {
    await page.locator('#address').fill(told);
    await page.locator('#address').press('Enter');
    await page.waitForFunction((text) => document.getElementById('ask-error').textContent === text, told);
  }
  // The rest without the way over a network, which would take long.
  const unlike = await page.evaluate(say_all, [...nasty, ...naughty]);
  assert.deepEqual(unlike, []);
  await no_markup(page);
  await close(page);
}

// Runs in the page: those that it shows in another way.
async function say_all(texts) {
  const shown = document.getElementById('ask-error');
  let told;
  window.fetch = async () => new Response(JSON.stringify({ detail: told }), { status: 400 });
  const out = [];
  for (told of texts) {
    document.getElementById('address').value = 'x@example.com';
    const changed = new Promise((done) => {
      const watcher = new MutationObserver(() => {
        if (!shown.textContent) return;  // the last one, taken away
        watcher.disconnect();
        done();
      });
      watcher.observe(shown, { childList: true });
    });
    document.getElementById('ask-form').requestSubmit();
    await changed;
    if (shown.textContent !== told || shown.children.length) out.push(told);
    await new Promise((done) => setTimeout(done));  // until its button may be pressed again
  }
  return out;
}

async function shows_a_profile_as_text() {
  const page = await open();
  await page.route('**/profile/', (each) =>
    each.fulfill(answer(200, { id: nasty[2], email: nasty[0], mobile: nasty[1], is_verified: true })));
  await ask(page, 'register', 'ann@example.com');
  await enter(page, await code_for('ann@example.com'));
  await page.locator('#profile dd').first().waitFor();
  const seen = await page.locator('#profile dd').allTextContents();
  assert.deepEqual(seen, [nasty[0], nasty[1], 'yes', nasty[2]]);
  await no_markup(page);
  await close(page);
}

// Another site: 127.0.0.1 is otpd's, localhost is theirs.
async function with_foreign_site(html, work) {
  const server = createServer((_, out) => out.setHeader('Content-Type', 'text/html').end(html));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const page = await new_page();
  try {
    await page.goto(`http://localhost:${server.address().port}/`);
    await work(page);
  } finally {
    await page.context().close();
    server.closeAllConnections();
    server.close();
  }
}

const victim = 'victim@example.com';

async function refuses_forms_of_other_sites() {
  const forms = [
    ['application/x-www-form-urlencoded', `<input name="email" value="${victim}">`],
    ['multipart/form-data', `<input name="email" value="${victim}">`],
    ['text/plain', `<input name='{"email":"${victim}","x":"' value='"}'>`],
  ];
  for (const path of ['/register/', '/login/', '/verify-otp/']) {
    for (const [type, fields] of forms) {
      const html = `<form method="post" action="${origin}${path}" enctype="${type}">${fields}<button>Win</button></form>`;
      await with_foreign_site(html, async (page) => {
        const [said] = await Promise.all([page.waitForResponse(`${origin}${path}`), page.locator('button').click()]);
        assert.equal(said.status(), 403, `${path} as ${type}`);
      });
    }
  }
  assert.deepEqual(await messages_to(victim), []);
}

async function refuses_scripts_of_other_sites() {
  await with_foreign_site('<p>theirs</p>', async (page) => {
    for (const [mode, type] of [['cors', 'application/json'], ['no-cors', 'text/plain']]) {
      const read = await page.evaluate(async ([url, email, asked, media]) => {
        const headers = { 'Content-Type': media };
        const request = { method: 'POST', mode: asked, credentials: 'include', headers, body: JSON.stringify({ email }) };
        return fetch(url, request).then((said) => said.text(), () => 'refused');
      }, [`${origin}/register/`, victim, mode, type]);
      assert.equal(read, mode === 'cors' ? 'refused' : '');
    }
  });
  assert.deepEqual(await messages_to(victim), []);
}

async function is_in_nobodys_frame() {
  await with_foreign_site('<body></body>', async (page) => {
    const put_in = (url) => {
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
    };
    const why = page.waitForEvent('console', (each) => /frame-ancestors/.test(each.text()));
    await Promise.all([page.waitForResponse(home_url), why, page.evaluate(put_in, home_url)]);
    assert.equal(page.frames().length, 2);
    assert.equal(await page.frames()[1].locator('#ask').count(), 0);
  });
}

// Cross-Origin-Opener-Policy: whoever opened it cannot steer it.
async function is_in_nobodys_hand() {
  const html = `<button onclick="other = window.open('${home_url}')">Open</button>`;
  await with_foreign_site(html, async (page) => {
    const [opened] = await Promise.all([page.context().waitForEvent('page'), page.locator('button').click()]);
    await opened.locator('#ask').waitFor();
    await page.waitForFunction(() => other.closed);
    assert.equal(await opened.evaluate(() => window.opener), null);
    assert.equal(await opened.evaluate(() => document.referrer.length > 0 && location.origin === document.referrer), false);
  });
}

await run([
  shows_what_was_typed_as_text,
  shows_what_it_is_told_as_text,
  shows_a_profile_as_text,
  refuses_forms_of_other_sites,
  refuses_scripts_of_other_sites,
  is_in_nobodys_frame,
  is_in_nobodys_hand,
]);
