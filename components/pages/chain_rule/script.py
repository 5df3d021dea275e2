from components.pages.scripts import _chain_rule as script  # noqa
