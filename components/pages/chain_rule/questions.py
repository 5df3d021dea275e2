from components.pages.questions import of_chain as questions  # noqa
