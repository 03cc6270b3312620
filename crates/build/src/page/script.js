// Moves the line of today to the day on which the page is read.
for (const times of document.querySelectorAll(".times")) {
  const start = Number(times.dataset.start), end = Number(times.dataset.end), now = Date.now() / 1000;
  const part = Math.min(Math.max((now - start) / (end - start), 0), 1);
  times.style.setProperty("--today", (part * 100).toFixed(1) + "%");
  times.querySelector(".today time").textContent = new Date(now * 1000).toISOString().slice(0, 10);
}
