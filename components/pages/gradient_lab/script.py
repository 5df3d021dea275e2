from components.pages.scripts import _lab as script  # noqa
