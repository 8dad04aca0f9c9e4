// Keeps the page up to date. Without it, Reload does.
"use strict";

const period_ms = 2000;
const news = document.getElementById("news");
let paused = false;
let reachable = true;

function say(text) {
  if (news.textContent !== text) news.textContent = text;
}

// Only what has changed is replaced, and nothing that is in use: the forms stay, and so does a list with an open
// part, a selection or the focus in it.
function is_in_use(element) {
  const selection = document.getSelection();
  const selected = !selection.isCollapsed && element.contains(selection.anchorNode);
  return selected || element.contains(document.activeElement) || element.querySelector("details[open]") !== null;
}

function renew(fresh) {
  for (const element of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(element.id);
    if (other === null || other.innerHTML === element.innerHTML || is_in_use(element)) continue;
    element.replaceChildren(...other.childNodes);
    if (element.id === "list") say("Updated " + new Date().toLocaleTimeString() + ".");
  }
}

async function look() {
  if (paused || document.hidden) return;
  try {
    const answer = await fetch("/inbox", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!answer.ok) throw new Error(String(answer.status));
    renew(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (!reachable) say("Connected again.");
    reachable = true;
  } catch {
    reachable = false;
    say("otpd does not answer; trying again.");
  }
}

async function keep_looking() {
  await look();
  setTimeout(keep_looking, period_ms);
}

const pause = document.createElement("button");
pause.type = "button";
pause.textContent = "Pause updates";
pause.addEventListener("click", () => {
  paused = !paused;
  pause.textContent = paused ? "Resume updates" : "Pause updates";
  say(paused ? "Updates are paused." : "");
  if (!paused) look();
});
document.getElementById("reload").before(pause);
document.addEventListener("visibilitychange", look);
setTimeout(keep_looking, period_ms);
