"""What is kept of a model's file for a report: the same for the window and for the terminal. Knows no Qt."""

from app.report.benches import benches_of
from app.report.gather import Chosen, judged_of
from app.review.conclusion import kept_conclusion
from app.review.openness import Reviews
from inspector.gguf.digests import Digests
from runner.store import Store
from runner.store.judged_file import JudgedFile


def file_by(name: str, size: int, hashed: Digests | None) -> JudgedFile:
    """Returns how what was kept of a file is found: by its bytes where these were read, else by name and size.

    Of a model in parts no part's bytes are the model's.
    """
    sha256 = hashed.files[0] if hashed is not None and len(hashed.files) == 1 else ""
    return JudgedFile(name=name, size=size, sha256=sha256)


def kept_of(store: Store, file: JudgedFile) -> Chosen:
    """Returns everything that people said of a file, and what the bench measured of it.

    Raises:
        RunnerError: the store can't be read.
    """
    reviews = Reviews(store)
    return Chosen(
        reviews=reviews.of(file),
        worksheet=reviews.worksheet(file),
        conclusion=kept_conclusion(store, file),
        judged=judged_of(store, file),
        benches=benches_of(store, file),
    )
