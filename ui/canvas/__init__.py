"""The linked panels: pictures, maps over them, outlines and the tools of the mouse."""
