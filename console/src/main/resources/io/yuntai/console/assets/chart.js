// <yuntai-chart>: a time series with a keyboard cursor and the table that it is drawn from.
//
//   <yuntai-chart label="Tokens per second" unit="tok/s" height="220"><details><summary>As a table</summary><table>
//     <thead><tr><th>Time</th><th>Served</th>...</tr></thead>
//     <tbody><tr><td><time datetime="2026-11-23T12:00:00Z">12:00</time></td><td data-value="71.5">71.5</td>...</tr></tbody>
//   </table></details></yuntai-chart>
//
// The table is the truth, also without script: the picture is drawn from it, and again when it changes.
const base = new URL('.', import.meta.url);
let loading;

function plotter() {
  loading ??= new Promise((resolve, reject) => {
    const style = document.createElement('link');
    style.rel = 'stylesheet';
    style.href = new URL('uplot-1.6.32.min.css', base);
    const script = document.createElement('script');
    script.src = new URL('uplot-1.6.32.min.js', base);
    script.onload = () => resolve(window.uPlot);
    script.onerror = reject;
    document.head.append(style, script);
  });
  return loading;
}

/** A token of the style as a colour that a canvas knows. */
function colour(element, name) {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const dashes = [[], [6, 3], [2, 3], [10, 4, 2, 4], [4, 4], [1, 4]];
const mostLines = 6;

class YuntaiChart extends HTMLElement {
  connectedCallback() {
    if (this.plot) return;
    this.plot = document.createElement('div');
    this.plot.className = 'plot';
    this.plot.tabIndex = 0;
    this.plot.setAttribute('role', 'img');
    this.readout = document.createElement('p');
    this.readout.className = 'readout';
    this.readout.setAttribute('aria-live', 'polite');
    this.prepend(this.plot, this.readout);
    this.plot.addEventListener('keydown', (event) => this.move(event));
    this.sizes = new ResizeObserver(() => this.resize());
    this.sizes.observe(this.plot);
    this.changes = new MutationObserver(() => this.draw());
    this.changes.observe(this.querySelector('table') ?? this, { childList: true, subtree: true, characterData: true });
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => { this.chart?.destroy(); this.chart = null; this.draw(); };
    this.scheme.addEventListener('change', this.redraw);
    this.draw();
  }

  disconnectedCallback() {
    this.sizes?.disconnect();
    this.changes?.disconnect();
    this.scheme?.removeEventListener('change', this.redraw);
    this.chart?.destroy();
    this.chart = null;
  }

  read() {
    const heads = [...this.querySelectorAll('thead th')].slice(1, mostLines + 1).map((head) => head.textContent);
    const rows = [...this.querySelectorAll('tbody tr')];
    const times = rows.map((row) => Date.parse(row.querySelector('time').dateTime) / 1000);
    const lines = heads.map((_, line) => rows.map((row) => {
      const value = row.cells[line + 1]?.dataset.value;
      return value === undefined || value === '' ? null : Number(value);
    }));
    return { heads, rows, data: [times, ...lines] };
  }

  async draw() {
    const { heads, rows, data } = this.read();
    this.rows = rows;
    this.heads = heads;
    this.plot.setAttribute('aria-label', `${this.getAttribute('label') ?? ''}. ${this.getAttribute('keys') ?? ''}`);
    if (rows.length === 0) return;
    const uPlot = await plotter();
    if (this.chart) {
      this.chart.setData(data);
      return;
    }
    const ink = colour(this, '--ink-3');
    const line = colour(this, '--line');
    const language = document.documentElement.lang;
    const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 }, font: '11px Inter, sans-serif' };
    this.chart = new uPlot({
      width: Math.max(this.plot.clientWidth - 16, 200),
      height: this.height(),
      legend: { show: heads.length > 1 },
      cursor: { points: { size: 6 } },
      series: [{ label: this.querySelector('thead th').textContent, value: (_, at) => at == null ? '' : new Date(at * 1000).toLocaleString(language, { hour12: false }) },
        ...heads.map((label, i) => ({ label, stroke: colour(this, `--series-${i + 1}`), width: 1.5, dash: dashes[i], spanGaps: false }))],
      axes: [{ ...axis, values: (_, splits, __, ___, step) => splits.map((at) => {
        const time = new Date(at * 1000);
        return step >= 86400 ? time.toLocaleDateString(language, { month: 'numeric', day: 'numeric' })
          : time.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hour12: false, ...(step < 60 && { second: '2-digit' }) });
      }) }, { ...axis, size: 56, values: (_, splits) => splits.map((value) => value.toLocaleString(language)) }],
      hooks: { setCursor: [(chart) => this.tell(chart.cursor.idx)] },
    }, data, this.plot);
  }

  resize() {
    const width = Math.max(this.plot.clientWidth - 16, 200);
    if (this.chart && Math.abs(this.chart.width - width) > 1) this.chart.setSize({ width, height: this.height() });
  }

  height() {
    return Number(this.getAttribute('height') ?? 220);
  }

  move(event) {
    const last = this.rows.length - 1;
    const at = this.at ?? last + 1;
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (next === undefined || !this.chart) return;
    event.preventDefault();
    const index = Math.min(Math.max(next, 0), last);
    const x = this.chart.valToPos(this.chart.data[0][index], 'x');
    this.chart.setCursor({ left: x, top: this.chart.over.clientHeight / 2 });
    this.tell(index);
  }

  tell(index) {
    if (index == null || !this.rows[index]) return;
    this.at = index;
    const cells = [...this.rows[index].cells];
    const unit = this.getAttribute('unit') ?? '';
    this.readout.textContent = cells[0].textContent + ' · '
      + this.heads.map((head, i) => `${head} ${cells[i + 1]?.textContent ?? ''} ${unit}`.trim()).join(' · ');
  }
}
customElements.define('yuntai-chart', YuntaiChart);
