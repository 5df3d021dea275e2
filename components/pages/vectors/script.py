from components.pages.scripts import _vectors as script  # noqa
