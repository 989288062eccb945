"""The porter: parent of every process, and the client through which a front end asks it."""
