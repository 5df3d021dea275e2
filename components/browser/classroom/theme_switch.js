// The choice of a theme: the system's, light or dark, kept in this browser. The document's head hands it to Streamlit.

const KEY = "autograd-explorer-theme";
const THEMES = { System: "the system’s", Light: "light", Dark: "dark" };

export class ThemeSwitch {
  constructor(button) {
    this.button = button;
    this.mark();
  }

  /** Takes the next theme, and loads the page anew: its address says all the rest. */
  next() {
    const names = Object.keys(THEMES);
    const theme = names[(names.indexOf(read()) + 1) % names.length];
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      return this.mark("This browser keeps nothing for this page");
    }
    location.reload();
  }

  mark(title = `Theme: ${THEMES[read()]}`) {
    Object.assign(this.button, { title, ariaLabel: title });
  }
}

function read() {
  try {
    const theme = localStorage.getItem(KEY);
    return Object.hasOwn(THEMES, theme) ? theme : "System";
  } catch {
    return "System";
  }
}
