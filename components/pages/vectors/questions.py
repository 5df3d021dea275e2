from components.pages.questions import of_vectors as questions  # noqa
