"""The binding that everything in the window stands on."""

from __future__ import annotations

import subprocess
import sys

# In a child: under pytest, other code also takes and gives references to None.
_COUNT = """
import sys
from PySide6.QtCore import QObject
thing = QObject()
thing.setObjectName("warm")
before = sys.getrefcount(None)
for _ in range(2000):
    thing.setObjectName("x")
sys.exit(abs(sys.getrefcount(None) - before) > 100)
"""


def test_calls_leave_the_reference_count_of_none_alone() -> None:
    assert subprocess.run([sys.executable, "-c", _COUNT], check=False).returncode == 0
