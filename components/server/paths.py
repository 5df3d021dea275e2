"""Paths of requests, below the prefix under which the app is served (`server.baseUrlPath`)."""

import streamlit as st


def base() -> str:
    """The prefix without slashes around it; empty where there is none."""
    return str(st.get_option("server.baseUrlPath") or "").strip("/")


def route(path: str) -> str:
    """The path of a route of ours, prefix included."""
    return f"/{base()}/{path}" if base() else f"/{path}"


def below_base(path: str) -> str:
    """A request's path without the prefix and without its first slash."""
    prefix, path = base(), path.lstrip("/")
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        return path[len(prefix) :].lstrip("/")
    return path
