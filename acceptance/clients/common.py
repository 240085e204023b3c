"""What the checks of all Python clients share."""

import os
import sys

URL = os.environ.get("YUNTAI_URL", "http://127.0.0.1:8460")
KEY = os.environ["YUNTAI_KEY"]
MODEL = os.environ["YUNTAI_MODEL"]
EMBEDDING_MODEL = os.environ.get("YUNTAI_EMBEDDING_MODEL", "")

_checks = 0


def check(name, holds):
    """Ends the program where something does not hold."""
    global _checks
    _checks += 1
    if not holds:
        sys.exit(f"FAILED: {name}")
    print(f"  {name}")


def done(client, version):
    """Says that all held."""
    print(f"{client} {version}: {_checks} checks")
