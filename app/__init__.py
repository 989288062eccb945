"""The window, its pages and the command line: the faces of Lightwell, and what joins its parts."""
