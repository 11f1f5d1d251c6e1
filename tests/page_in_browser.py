#!/usr/bin/python3
"""Opens the report's page in headless Chromium: what is drawn, keys, zoom, light and dark.

usage: page_in_browser.py GILA [FOLDER]      FOLDER: pictures of both themes are left there
Without chromium it says that it is skipped, and exits with 0.
"""
import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = """
import threading, time
def work():
    for turn in range(400):
        for n in range(2000): pass
        if turn % 20 == 0: time.sleep(0.001)
crew = [threading.Thread(target=work, name=f'worker {i}') for i in range(4)]
[t.start() for t in crew]
[t.join() for t in crew]
"""

# Runs in the page: uses it as a person would, and leaves what it saw in an attribute.
SCRIPT = """<script>
(() => {
  const canvas = document.getElementById("canvas"), root = document.documentElement, seen = {errors: []};
  addEventListener("error", event => seen.errors.push(String(event.message)));
  const frame = () => new Promise(done => setTimeout(done, 300));
  const key = name => canvas.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
  const colors = () => {
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data, found = new Set();
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] === 255) found.add(pixels.slice(i, i + 3).join());
    return found.size;
  };
  (async () => {
    await frame();
    seen.whole = root.dataset.drawn;
    seen.colors = colors();
    seen.names = [...document.querySelectorAll("#names div")].map(e => e.textContent);
    key("ArrowDown"); key("."); await frame();
    seen.told = document.getElementById("told").textContent;
    key("+"); key("+"); await frame();
    seen.zoomed = root.dataset.drawn;
    seen.zoomedColors = colors();
    key("ArrowRight"); await frame();
    seen.moved = root.dataset.drawn;
    document.getElementById("all").click(); await frame();
    seen.back = root.dataset.drawn;
    const ground = () => getComputedStyle(document.body).backgroundColor;
    document.getElementById("theme").click(); await frame();
    seen.light = [root.dataset.theme, ground()];
    document.getElementById("theme").click(); await frame();
    seen.dark = [root.dataset.theme, ground(), colors()];
    seen.wide = document.documentElement.scrollWidth <= innerWidth;
    root.dataset.seen = JSON.stringify(seen);
  })();
})();
</script></body>"""


def chromium(*words):
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    return subprocess.run([found, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *words],
                          capture_output=True, text=True, timeout=120)


def main():
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        print("SKIPPED: chromium is not installed, the page was not opened in a browser")
        return 0
    for options in ([], ["-X", "gil=0"]):
        try_page(sys.argv[1], options)
    print("the page works in the browser")
    return 0


def try_page(gila, options):
    """Opens the page of a run with these options of the interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        subprocess.run([gila, *options, "-m", "gil", "report", "--html", str(page), "-c", PROGRAM], check=True, capture_output=True)
        text = page.read_text(encoding="utf-8")
        # A browser without a window draws few frames: here each is drawn at once.
        quick = text.replace('"use strict";', 'window.requestAnimationFrame = draw => setTimeout(draw, 0);', 1)
        page.write_text(quick.replace("</body>", SCRIPT), encoding="utf-8")
        done = chromium("--window-size=1280,1200", "--virtual-time-budget=20000", "--run-all-compositor-stages-before-draw", f"--user-data-dir={folder}/user", "--dump-dom", page.as_uri())
        found = re.search(r'data-seen="([^"]*)"', done.stdout)
        assert found, "the page's script did not get through: " + done.stderr[-2000:]
        seen = json.loads(html.unescape(found[1]))
        assert seen["errors"] == [], seen
        assert seen["names"] == ["MainThread"] + [f"worker {i}" for i in range(4)], seen
        least = 2 if options else 3   # without the lock hardly anybody waits
        assert seen["colors"] > least and seen["zoomedColors"] >= least and seen["dark"][2] > least, seen
        assert re.search(r"^MainThread: (running|waiting|in the call)", seen["told"]), seen
        begin, end = map(int, seen["whole"].split("-"))
        a, b = map(int, seen["zoomed"].split("-"))
        assert begin == 0 and abs((b - a) - end / 4) < end / 50, seen
        assert int(seen["moved"].split("-")[0]) > a and seen["back"] == seen["whole"], seen
        assert seen["light"][0] == "light" and seen["dark"][0] == "dark" and seen["light"][1] != seen["dark"][1], seen
        assert seen["wide"], seen
        if len(sys.argv) > 2:
            Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
            for theme in ("light", "dark"):
                page.write_text(text.replace('<html lang="en">', f'<html lang="en" data-theme="{theme}">')
                                .replace('setTheme(kept in themes ? kept : "")', f'setTheme("{theme}")'), encoding="utf-8")
                chromium("--window-size=1280,1500", f"--user-data-dir={folder}/user", f"--screenshot={sys.argv[2]}/page{'-free' if options else ''}-{theme}.png", page.as_uri())


if __name__ == "__main__":
    sys.exit(main())
