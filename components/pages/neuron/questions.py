from components.pages.questions import of_neuron as questions  # noqa
