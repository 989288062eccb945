"""What another model's card says of licences: told as left out, for it is no word on this file."""

from collections.abc import Iterator, Sequence

from inspector.licences.assess import understand
from inspector.licences.documents import LicenceText
from inspector.licences.report import Finding, Label, Relative

OF_ANOTHER = "text_of_another"


def left_out(
    document: str,
    labels: Sequence[Label],
    relatives: Sequence[Relative],
    texts: Sequence[LicenceText],
) -> Iterator[Finding]:
    """Yields what was not taken as this file's.

    Args:
        document: the card that names another model.
        labels: what it says of licences.
        relatives: the base models that it names, where the header names none.
        texts: licence texts beside the file. Each is told of, as nothing says that it is not this file's.
    """
    if labels:
        said = dict.fromkeys(
            understand(one).title or one.stated.text or one.name.text for one in labels
        )
        yield Finding(
            code="card_of_another",
            context={"document": document, "said": ", ".join(said)},
            sources=tuple(
                source for one in labels for source in (*one.stated.sources, *one.name.sources)
            ),
        )
    if relatives:
        yield Finding(
            code="base_of_another",
            context={"document": document, "said": ", ".join(one.model for one in relatives)},
            sources=tuple(source for one in relatives for source in one.stated.sources),
        )
    for text in texts:
        context = {"document": text.source.document, "card": document}
        yield Finding(code=OF_ANOTHER, context=context, sources=(text.source,))
