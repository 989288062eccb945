"""A bare PySide6 window, for comparison."""

import os
import sys
import time


def main() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow

    application = QApplication(sys.argv)
    window = QMainWindow()
    window.setCentralWidget(QLabel("bare"))
    window.resize(1280, 800)
    window.show()

    def usable() -> None:
        print("usable", time.monotonic() - float(os.environ["BENCH_BEGAN"]), flush=True)
        application.quit()

    QTimer.singleShot(0, lambda: QTimer.singleShot(0, usable))
    application.exec()


if __name__ == "__main__":
    main()
