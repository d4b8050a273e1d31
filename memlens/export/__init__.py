"""Export: figures, tables, maps, animations and reports of a session, one file per kind.

Light on purpose: matplotlib and jinja2 are imported when something is written.
"""

from __future__ import annotations
