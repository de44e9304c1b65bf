// The week on the home page: bars of missed callers, and in front of them those who were texted.

let chart;

function colour(name, share = 100) {
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return share === 100 ? value : `color-mix(in oklch, ${value} ${share}%, transparent)`;
}

function draw() {
  const box = document.getElementById("week");
  if (!box) return;
  chart?.destroy();
  const days = JSON.parse(box.dataset.week);
  const bars = uPlot.paths.bars({ size: [0.62, 44], radius: 0.18 });
  const quiet = { stroke: colour("--muted-foreground"), font: "12px Inter Variable", ticks: { show: false } };
  const most = Math.max(4, ...days.map((day) => day[1]));
  chart = new uPlot(
    {
      width: box.clientWidth,
      height: box.clientHeight,
      legend: { show: false },
      padding: [10, 6, 0, 0],
      cursor: { show: false },
      scales: { x: { time: false, range: [-0.5, days.length - 0.5] }, y: { range: [0, most * 1.1] } },
      axes: [
        { ...quiet, size: 26, gap: 8, grid: { show: false }, splits: () => days.map((_, at) => at), values: () => days.map((day) => day[0]) },
        { ...quiet, size: 28, incrs: [1, 2, 5, 10, 20, 50, 100], space: 36, grid: { stroke: colour("--border"), width: 1 } },
      ],
      series: [
        {},
        { paths: bars, points: { show: false }, fill: colour("--primary", 22), width: 0 },
        { paths: bars, points: { show: false }, fill: colour("--primary"), width: 0 },
      ],
    },
    [days.map((_, at) => at), days.map((day) => day[1]), days.map((day) => day[2])],
    box,
  );
}

new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["class"] });
addEventListener("resize", draw);
document.addEventListener("htmx:after:swap", draw);
document.fonts.ready.then(draw);
