"""The colours, one meaning each; `.streamlit/config.toml` carries them to every page as its theme."""

LIGHT = {
    "background": "#fbfbf9",
    "surface": "#ffffff",
    "ink": "#191c20",
    "line": "#d9dbd9",
    "value": "#005f99",
    "gradient": "#b34700",
    "grab": "#00795a",
    "broken": "#9c1c4b",
    "minus": "#5f3dc4",
}
DARK = {
    "background": "#14171b",
    "surface": "#1d2126",
    "ink": "#eef0f2",
    "line": "#3a4048",
    "value": "#6db7ee",
    "gradient": "#ff9a5c",
    "grab": "#4cc9a4",
    "broken": "#ff9dbb",
    "minus": "#b9a2ff",
}
THEME_KEYS = {
    "background": "backgroundColor",
    "surface": "secondaryBackgroundColor",
    "ink": "textColor",
    "line": "borderColor",
    "value": "blueColor",
    "gradient": "orangeColor",
    "grab": "primaryColor",
    "broken": "redColor",
    "minus": "violetColor",
}
"""Where the theme keeps each meaning; the page's styles find it as a variable, `--st-primary-color` and so on."""
