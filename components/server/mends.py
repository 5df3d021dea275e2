"""Private functions of the pinned Streamlit that are replaced, and why."""

from typing import Any, Final

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from components.server.turn import Turn

PATIENCE: Final = 0.5
"""Seconds: a page that is opened takes a fraction of them."""


def remember_themes() -> None:
    """Makes Streamlit spell the theme out once; it does so at every update, a sixth of the server's time."""
    spell_out = app_session._populate_theme_msg
    known: dict[str, CustomThemeConfig] = {}

    def recall(message: CustomThemeConfig, section: str = "theme") -> None:
        if section not in known:
            known[section] = CustomThemeConfig()
            spell_out(known[section], section)
        if known[section].ListFields():
            message.MergeFrom(known[section])

    setattr(app_session, spell_out.__name__, recall)


def keep_runs_whole() -> None:
    """Lets a whole page that waits to be sent arrive whole, though one of its fragments runs again meanwhile.

    Streamlit takes the fragment's part out of it; the browser gives its place to the part that follows, then hides that
    when the fragment comes. It happens after a cut socket: the page is run again, and the hand goes on.
    """
    clear = AppSession._clear_queue

    def clear_unless_fragment(self: Any, fragment_ids_this_run: list[str] | None = None) -> None:
        if fragment_ids_this_run is None:
            clear(self)
        else:
            self._browser_queue._delta_index_map = {}

    setattr(AppSession, clear.__name__, clear_unless_fragment)


def run_one_at_a_time(patience: float = PATIENCE) -> None:
    """Has visitors' runs follow one another; each has a thread of its own, and Python computes in one at a time anyway.

    Side by side they take turns every few milliseconds: with a class of a hundred all of them are late, and a quarter
    of the processor goes into the turns. A run that hangs (in the layout program, say) holds the others only for
    `patience` seconds.
    """
    run, turn = ScriptRunner._run_script, Turn(patience)

    def run_in_turn(self: Any, rerun_data: Any) -> None:
        with turn.taken():
            run(self, rerun_data)

    setattr(ScriptRunner, run.__name__, run_in_turn)
