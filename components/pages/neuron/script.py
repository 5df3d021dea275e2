from components.pages.scripts import _neuron as script  # noqa
