"""The linked panels: pictures, maps over them, outlines and the tools of the mouse."""

from ui.canvas.lasting_none import keep_none

keep_none()
