() => {
  // Every visible text node: its size, and its contrast with the nearest painted background
  // (WCAG 2: 4.5 to 1, or 3 to 1 for large text). Placeholders and disabled controls are left out.
  const channel = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
  const parts = (colour) => (colour.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = parts(getComputedStyle(each).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.querySelector('.gradio-container'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    const words = walker.currentNode.textContent.trim();
    if (!words || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest('.visually-hidden, style, script, #notice')) continue;
    const size = parseFloat(style.fontSize);
    const [a, b] = [light(parts(style.color)), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const smallest = element.closest('.marker') ? 13 : 16;
    if (size < smallest || ratio < needed) {
      weak.push(`${element.className} ${size}px ${ratio.toFixed(2)} ${words.slice(0, 20)}`);
    }
  }
  return weak;
}
