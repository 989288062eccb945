"""A process that hangs before it has said or sealed anything."""

import time

if __name__ == "__main__":
    time.sleep(60)
